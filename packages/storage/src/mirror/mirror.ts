import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId } from './boot-id.ts';
import { inCache } from './cache-failure.ts';
import { PresenceRecord } from './presence-record.ts';
import { type ByteRange, RangeSet } from './range-set.ts';

/** Names that nobody takes for an archive: without the record beside it, the file says nothing. */
export const MIRROR_NAME = 'sparse-mirror';
export const RECORD_NAME = 'presence-record';

/** Bytes. */
const RECORDED_AFTER = { written: 1024 * 1024, waitingForDisk: 8 * 1024 * 1024 };

/**
 * A local file that holds what has been fetched of an object, each byte at its own position, and the record of what that
 * is.
 *
 * A byte is `present`, and may be read, as soon as it is written. What the record claims is there after a crash at any
 * moment: of the process, because it was written before; of the machine, because the claim ends with it unless the bytes
 * were on the disk. (Waiting for the disk before each claim made downloads as slow as the disk is.)
 */
export class Mirror {
  readonly path: string;
  readonly present = new RangeSet();
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #record: PresenceRecord;
  readonly #boot: string | undefined;
  #unrecorded = new RangeSet();
  #unsecured = new RangeSet();
  #securing: Promise<void> | undefined;
  #recording: Promise<void> | undefined;

  private constructor(folder: string, file: FileHandle, record: PresenceRecord, boot: string | undefined) {
    this.#folder = folder;
    this.path = join(folder, MIRROR_NAME);
    this.#file = file;
    this.#record = record;
    this.#boot = boot;
  }

  /**
   * @param byteLength of the object; where it is not known yet the file grows with what is written
   * @throws {StorageError} ERR_CACHE_UNUSABLE, ERR_NO_SPACE
   */
  static open(folder: string, byteLength: number | undefined): Promise<Mirror> {
    return inCache(folder, async () => {
      const file = await open(join(folder, MIRROR_NAME), constants.O_RDWR | constants.O_CREAT, 0o600);
      const boot = await bootId();
      const record = await PresenceRecord.open(join(folder, RECORD_NAME), boot);
      const mirror = new Mirror(folder, file, record, boot);
      try {
        await mirror.#begin(byteLength);
      } catch (error) {
        await mirror.close();
        throw error;
      }
      return mirror;
    });
  }

  async #begin(byteLength: number | undefined): Promise<void> {
    const { size } = await this.#file.stat();
    if (size !== byteLength) {
      // A new mirror, or one that somebody cut: what is claimed of it is not there.
      await this.#record.clear();
      if (byteLength !== undefined) await this.#file.truncate(byteLength);
    }
    await this.refresh();
  }

  /** Learns what other processes have recorded. */
  async refresh(): Promise<void> {
    const ranges = await inCache(this.#folder, () => this.#record.readNew());
    for (const range of ranges) this.present.add(range);
  }

  /** @returns how many of the bytes were not there before */
  async write(pieces: readonly Uint8Array[], range: ByteRange): Promise<number> {
    await inCache(this.#folder, async () => {
      const { bytesWritten } = await this.#file.writev(pieces, range.from);
      let at = bytesWritten;
      if (range.from + at === range.to) return;
      // A disk that is nearly full takes a part, and says why with the next write.
      const rest = Buffer.concat(pieces);
      while (range.from + at < range.to) {
        at += (await this.#file.write(rest, at, undefined, range.from + at)).bytesWritten;
      }
    });
    this.#unrecorded.add(range);
    return this.present.add(range);
  }

  /** Bytes that are present, into a place of the caller's. */
  async read(into: Uint8Array, position: number): Promise<void> {
    await inCache(this.#folder, async () => {
      for (let filled = 0; filled < into.byteLength; ) {
        const { bytesRead } = await this.#file.read(
          into,
          filled,
          into.byteLength - filled,
          position + filled,
        );
        if (bytesRead === 0) throw new Error('it was cut while it was in use');
        filled += bytesRead;
      }
    });
  }

  get unrecorded(): number {
    return this.#unrecorded.byteLength;
  }

  /** Whether a crash would cost more than it need. */
  get isRecordDue(): boolean {
    const after = this.#boot === undefined ? RECORDED_AFTER.waitingForDisk : RECORDED_AFTER.written;
    return !this.isRecording && this.unrecorded >= after;
  }

  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /** Records what was written until now; what is written meanwhile is left for the next time. */
  record(): Promise<void> {
    this.#recording ??= inCache(this.#folder, async () => {
      const ranges = this.#unrecorded;
      this.#unrecorded = new RangeSet();
      if (this.#boot === undefined) await this.#file.datasync();
      else for (const range of ranges) this.#unsecured.add(range);
      await this.#record.append(ranges, this.#boot);
    }).finally(() => {
      this.#recording = undefined;
    });
    return this.#recording;
  }

  /** Makes claims that end with this boot ones that outlast it; waits for the disk. */
  secure(): Promise<void> {
    this.#securing ??= inCache(this.#folder, async () => {
      const ranges = this.#unsecured;
      this.#unsecured = new RangeSet();
      if (ranges.byteLength === 0) return;
      await this.#file.datasync();
      await this.#record.append(ranges, undefined);
    }).finally(() => {
      this.#securing = undefined;
    });
    return this.#securing;
  }

  async close(): Promise<void> {
    // What fails here leaves claims out, and makes none wrong.
    await this.#recording?.catch(() => {});
    await this.#securing?.catch(() => {});
    await this.secure().catch(() => {});
    await this.#file.close();
    await this.#record.close();
  }
}
