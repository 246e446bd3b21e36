import type { Ledger, TakeOutcome } from '@rawreel/jobs';
import { formatBytes, printable } from '@rawreel/text';
import type { ReceivedEvent } from '../receive/event.ts';
import { factsOf } from '../receive/facts-of.ts';
import { readFailoverFile } from '../receive/failover-file.ts';
import { MAX_FILE_BYTES } from '../receive/limits.ts';
import { isRefusal } from '../receive/refusal.ts';

export interface FailoverFile {
  readonly key: string;
  readonly byteLength: number;
  /** By the bucket's clock. */
  readonly modifiedMs: number;
}

/** Where Stream leaves what it could not deliver. */
export interface FailoverBucket {
  list(signal: AbortSignal): AsyncIterable<FailoverFile>;
  /** @returns undefined where it is gone */
  read(file: FailoverFile, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** `message` is one line that says it all; each file is told once. */
export interface FailoverWarning {
  /** `unusable`: it holds no event, and is left. `file-failed`: it could not be read or stored now, and is tried again. */
  readonly code: 'unusable' | 'file-failed';
  readonly key: string;
  readonly message: string;
}

export interface FailoverOptions {
  readonly apiKey: string;
  readonly bucket: FailoverBucket;
  readonly ledger: Pick<Ledger, 'take' | 'cursor' | 'moveCursor'>;
  readonly now: () => number;
  readonly onWarning: (warning: FailoverWarning) => void;
}

/** What came of a look. */
export interface FailoverLook {
  /** That were read. */
  readonly files: number;
  /** Events that were not known. */
  readonly taken: number;
  readonly failed: number;
}

const CURSOR = 'failover';
const HOUR_MS = 3_600_000;
/** Files of so long before the last look are looked at again: clocks differ, and a large file takes its time. */
const OVERLAP_MS = HOUR_MS;
/** What Stream keeps of a recording: behind events that are older there is nothing any more. */
const RETENTION_MS = 14 * 24 * HOUR_MS;
/** Each may be as large as a file may be. */
const FILES_AT_ONCE = 4;

/** Takes up what Stream has left in a bucket for one app. Nothing is deleted there. */
export class FailoverLooks {
  readonly #options: FailoverOptions;
  /** Files that this process is done with, by key and time, each until it is older than any look goes back. */
  readonly #done = new Map<string, number>();
  /** Files that are tried again: that is told once. */
  readonly #failing = new Set<string>();

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /**
   * Reads what is new. The cursor moves where every file was taken up, or is unusable: else the next look goes back as far.
   *
   * @throws where the bucket cannot be listed, or the ledger not be asked
   */
  async look(signal: AbortSignal): Promise<FailoverLook> {
    const { apiKey, bucket, ledger, now } = this.#options;
    const begunMs = now();
    const fromMs = (await ledger.cursor(apiKey, CURSOR)) ?? begunMs - RETENTION_MS;
    const sinceMs = fromMs - OVERLAP_MS;
    const sum = { files: 0, taken: 0, failed: 0 };
    let batch: FailoverFile[] = [];
    const read = async (): Promise<void> => {
      const results = await Promise.all(batch.map((file) => this.#takeFile(file, signal)));
      batch = [];
      for (const taken of results) {
        sum.files += 1;
        if (taken === undefined) sum.failed += 1;
        else sum.taken += taken;
      }
    };
    for await (const file of bucket.list(signal)) {
      if (file.modifiedMs < sinceMs || file.byteLength === 0 || this.#done.has(nameOf(file))) continue;
      batch.push(file);
      if (batch.length === FILES_AT_ONCE) await read();
    }
    await read();
    signal.throwIfAborted();
    if (sum.failed === 0) {
      await ledger.moveCursor(apiKey, CURSOR, begunMs);
      for (const [name, modifiedMs] of this.#done)
        if (modifiedMs < begunMs - OVERLAP_MS) this.#done.delete(name);
    }
    return sum;
  }

  /** @returns how many of its events were new; undefined: it has to be read again */
  async #takeFile(file: FailoverFile, signal: AbortSignal): Promise<number | undefined> {
    try {
      const taken = await this.#takeUp(file, signal);
      const name = nameOf(file);
      this.#done.set(name, file.modifiedMs);
      this.#failing.delete(name);
      return taken;
    } catch (error) {
      signal.throwIfAborted();
      this.#tellFailure(file, error);
      return undefined;
    }
  }

  async #takeUp(file: FailoverFile, signal: AbortSignal): Promise<number> {
    const { apiKey, bucket } = this.#options;
    if (file.byteLength > MAX_FILE_BYTES) {
      this.#tellUnusable(file, `it is larger than ${formatBytes(MAX_FILE_BYTES)}`);
      return 0;
    }
    const bytes = await bucket.read(file, signal);
    if (bytes === undefined) return 0;
    const entries = readFailoverFile(bytes, apiKey);
    if ('status' in entries) {
      this.#tellUnusable(file, entries.message);
      return 0;
    }
    let taken = 0;
    for (const entry of entries)
      if (!isRefusal(entry) && (await this.#take(entry, file)) === 'taken') taken += 1;
    const refused = entries.filter((entry) => isRefusal(entry));
    if (refused[0] !== undefined)
      this.#tellUnusable(file, `${refused.length} of ${entries.length} entries: ${refused[0].message}`);
    return taken;
  }

  async #take(event: ReceivedEvent, { key, modifiedMs }: FailoverFile): Promise<TakeOutcome> {
    const { ledger, now } = this.#options;
    const { apiKey, identity, type, body } = event;
    const source = { by: 'reconciler', id: key } as const;
    const stored = { apiKey, identity, type, receivedAtMs: now(), body, source };
    // An event without a time of its own is about as old as its file.
    return await ledger.take(stored, factsOf(event, source, modifiedMs));
  }

  #tellUnusable({ key }: FailoverFile, why: string): void {
    const message = printable(`${key} in the failover bucket is left, as far as it holds no event: ${why}`);
    this.#options.onWarning({ code: 'unusable', key, message });
  }

  #tellFailure(file: FailoverFile, error: unknown): void {
    const name = nameOf(file);
    if (this.#failing.has(name)) return;
    this.#failing.add(name);
    const { key } = file;
    const why = error instanceof Error ? error.message : String(error);
    const message = printable(`${key} in the failover bucket is tried again: ${why}`);
    this.#options.onWarning({ code: 'file-failed', key, message });
  }
}

const nameOf = ({ key, modifiedMs }: FailoverFile): string => `${modifiedMs} ${key}`;
