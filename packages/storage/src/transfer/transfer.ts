import { join } from 'node:path';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { aborted } from '../failures/judge.ts';
import { inCache, noRoom, roomIn } from '../mirror/cache-failure.ts';
import { type Lock, tryLock } from '../mirror/lock.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { type ByteRange, RangeSet } from '../mirror/range-set.ts';
import { BadAnswer, type Identity, isVerifiable, requireSame } from './answer.ts';
import type { Answer, Connection } from './connection.ts';
import { writeRange } from './write-range.ts';

/** A ZIP's directory, or a header in front of an entry, then costs one request and not several. */
const BLOCK = 16 * 1024;
const LARGEST_PART = 8 * 1024 * 1024;
export const PARTS_AT_ONCE = 6;
const LOCK_POLL_MS = 50;

export interface TransferOptions {
  readonly connection: Connection;
  readonly mirror: Mirror;
  readonly identity: Identity;
  /** Where the mirror is, and the lock for filling it. */
  readonly folder: string;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Bytes that are asked for and not here yet. */
  readonly onMoved: (missing: number) => void;
  readonly onNoRanges: () => void;
  readonly onWaiting: () => void;
}

/** A range that is waited for. */
interface Demand extends ByteRange {
  readonly settle: (error?: Error) => void;
}

/** A range that is on its way. */
interface Part {
  range: ByteRange;
  readonly abort: AbortController;
  /** Bytes that it brought. */
  gained: number;
}

/**
 * Brings the ranges of an object that are asked for into its mirror.
 *
 * There is no queue: demands say what is waited for, the mirror what is here, parts what is on its way; what is fetched
 * next follows from the three. While there are demands one loop runs, and holds the lock that keeps other processes from
 * fetching the same; it ends when nothing is waited for any more and what came is recorded. A failure that patience did
 * not cure fails everybody who waits; a later demand begins anew.
 *
 * A server that sends the whole where a part was asked for makes that part the whole object: its one connection then
 * serves all demands, and goes on without any.
 */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #demands = new Set<Demand>();
  readonly #parts = new Map<Part, Promise<void>>();
  /** All that is waited for, as long as that stays the same. */
  #wanted: RangeSet | undefined;
  /** The same, once the disk was found to have room for it. */
  #fitting: RangeSet | undefined;
  #news = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #opened: Answer | undefined;
  #saidNoRanges = false;
  #saidWaiting = false;

  constructor(options: TransferOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#fail(this.#aborted(options.signal)), { once: true });
  }

  /**
   * @param opened an answer, from position 0, that has come already and may serve for it
   * @throws {StorageError}
   */
  ensure(range: ByteRange, signal?: AbortSignal, opened?: Answer): Promise<void> {
    if (this.#options.mirror.present.covers(range)) {
      opened?.body.destroy();
      return Promise.resolve();
    }
    const rounded = {
      from: Math.floor(range.from / BLOCK) * BLOCK,
      to: Math.min(Math.ceil(range.to / BLOCK) * BLOCK, this.#options.identity.byteLength),
    };
    const ended = [this.#options.signal, signal].find((either) => either?.aborted);
    if (ended !== undefined) {
      opened?.body.destroy();
      return Promise.reject(this.#aborted(ended));
    }
    this.#opened = opened ?? this.#opened;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        demand.settle(this.#aborted(signal));
        this.#dropUnwanted();
      };
      const demand = this.#demand(rounded, (error) => {
        signal?.removeEventListener('abort', onAbort);
        if (error === undefined) resolve();
        else reject(error);
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Resolves when nothing is on its way and what came is recorded. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #demand(range: ByteRange, onSettled: (error?: Error) => void): Demand {
    const demand: Demand = {
      ...range,
      settle: (error) => {
        this.#demands.delete(demand);
        this.#wanted = undefined;
        this.#news.resolve();
        onSettled(error);
      },
    };
    this.#demands.add(demand);
    this.#wanted = undefined;
    this.#news.resolve();
    this.#running ??= this.#run();
    return demand;
  }

  async #run(): Promise<void> {
    try {
      // Demands of the same turn become neighbours, and neighbours one part.
      await nextTurn();
      const lock = await this.#waitForLock();
      try {
        if (lock !== undefined) await this.#work();
      } finally {
        for (const part of this.#parts.keys()) part.abort.abort();
        await Promise.all(this.#parts.values());
        await lock?.release();
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#opened?.body.destroy();
      this.#opened = undefined;
      this.#running = this.#demands.size > 0 ? this.#run() : undefined;
      // While nothing is waited for: it competes with writing. What fails here fails with the next write, or cost nothing.
      if (this.#running === undefined) this.#options.mirror.secure().catch(() => {});
    }
  }

  /** Undefined when what was waited for has come meanwhile, through whoever has the lock. */
  async #waitForLock(): Promise<Lock | undefined> {
    const { folder, onWaiting } = this.#options;
    while (this.#demands.size > 0) {
      const lock = await inCache(folder, () => tryLock(join(folder, 'fetch')));
      if (lock !== undefined) return lock;
      this.#opened?.body.destroy();
      this.#opened = undefined;
      if (!this.#saidWaiting) onWaiting();
      this.#saidWaiting = true;
      await delay(LOCK_POLL_MS);
      await this.#refresh();
    }
    return undefined;
  }

  async #work(): Promise<void> {
    const { mirror } = this.#options;
    // Somebody else may have fetched it since.
    await this.#refresh();
    for (;;) {
      this.#news = Promise.withResolvers();
      if (this.#demands.size > 0) {
        await this.#startParts();
      } else if (this.#parts.size === 0 && !mirror.isRecording) {
        if (mirror.unrecorded === 0) return;
        this.#record();
      }
      await this.#news.promise;
    }
  }

  async #refresh(): Promise<void> {
    await this.#options.mirror.refresh();
    this.#settlePresent();
  }

  async #startParts(): Promise<void> {
    await this.#refuseWithoutRoom();
    while (this.#parts.size < PARTS_AT_ONCE) {
      const range = this.#nextRange();
      if (range === undefined) return;
      this.#start(range);
    }
  }

  /** The largest first: what still fits is brought. */
  async #refuseWithoutRoom(): Promise<void> {
    if (this.#fitting === this.#allWanted()) return;
    const { folder } = this.#options;
    const room = await roomIn(folder);
    const smallestFirst = [...this.#demands].sort(bySize);
    for (let needed = this.#missing(); needed > room; needed = this.#missing()) {
      smallestFirst.pop()?.settle(noRoom(folder, needed, room));
    }
    this.#fitting = this.#allWanted();
  }

  /** Small demands come first: whoever reads a header is not to wait for the rest of a download. */
  #nextRange(): ByteRange | undefined {
    const { present } = this.#options.mirror;
    const moving = new RangeSet([...this.#parts.keys()].map(({ range }) => range));
    const firstFree = (range: ByteRange): ByteRange | undefined => {
      for (const gap of present.gaps(range)) for (const free of moving.gaps(gap)) return free;
      return undefined;
    };
    for (const demand of [...this.#demands].sort(bySize)) {
      const from = firstFree(demand)?.from;
      if (from === undefined) continue;
      // As far as anybody waits for what follows.
      const to = Math.min(this.#allWanted().endOf(from), from + LARGEST_PART);
      return firstFree({ from, to });
    }
    return undefined;
  }

  #start(range: ByteRange): void {
    const part: Part = { range, abort: new AbortController(), gained: 0 };
    const brought = this.#bring(part)
      .catch((error) => {
        if (!part.abort.signal.aborted) this.#fail(error);
      })
      .finally(() => {
        this.#parts.delete(part);
        this.#news.resolve();
      });
    this.#parts.set(part, brought);
  }

  async #bring(part: Part): Promise<void> {
    const { connection, mirror } = this.#options;
    while (!mirror.present.covers(part.range)) {
      await connection.patiently(
        () => this.#fetch(part),
        part.abort.signal,
        () => part.gained,
      );
    }
  }

  async #fetch(part: Part): Promise<void> {
    const { connection, mirror, identity } = this.#options;
    const { signal } = part.abort;
    const { contents, body } = await this.#answerFor(part);
    try {
      if (contents === undefined) throw new BadAnswer('it sent nothing');
      signal.throwIfAborted();
      requireSame(contents, identity);
      const sent = { from: contents.from, to: contents.to ?? identity.byteLength };
      if (sent.from < part.range.from || sent.to > part.range.to) await this.#becomeWhole(part);
      await writeRange(connection.receive(body, signal), mirror, sent, (fresh) => {
        part.gained += fresh;
        this.#moved();
      });
    } finally {
      body.destroy();
    }
  }

  async #answerFor({ range, abort }: Part): Promise<Answer> {
    const { connection, mirror, identity } = this.#options;
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened !== undefined) return opened;
    const [gap] = mirror.present.gaps(range);
    // Parts that cannot be told to be of one object are not put together.
    const asked = isVerifiable(identity)
      ? { from: gap?.from ?? range.from, to: range.to }
      : { from: 0, to: Number.POSITIVE_INFINITY };
    return connection.ask({ ...asked, onlyIf: identity, signal: abort.signal });
  }

  async #becomeWhole(part: Part): Promise<void> {
    const { identity, mirror, folder, onNoRanges } = this.#options;
    const whole = { from: 0, to: identity.byteLength };
    part.range = whole;
    for (const other of this.#parts.keys()) if (other !== part) other.abort.abort();
    this.#demand(whole, () => {});
    if (!this.#saidNoRanges) onNoRanges();
    this.#saidNoRanges = true;
    const needed = identity.byteLength - mirror.present.byteLength;
    const room = await roomIn(folder);
    if (needed > room) throw noRoom(folder, needed, room);
  }

  #moved(): void {
    const { mirror, onMoved } = this.#options;
    this.#settlePresent();
    onMoved(this.#missing());
    if (mirror.isRecordDue) this.#record();
  }

  #record(): void {
    this.#options.mirror
      .record()
      .catch((error) => this.#fail(error))
      .finally(() => this.#news.resolve());
  }

  #settlePresent(): void {
    for (const demand of this.#demands) if (this.#options.mirror.present.covers(demand)) demand.settle();
  }

  #fail(error: Error): void {
    for (const demand of this.#demands) demand.settle(error);
    this.#dropUnwanted();
  }

  #dropUnwanted(): void {
    for (const { range, abort } of this.#parts.keys()) {
      if (lengthOf(this.#allWanted().gaps(range)) === range.to - range.from) abort.abort();
    }
    this.#news.resolve();
  }

  /** Bytes that are waited for and not here. */
  #missing(): number {
    let sum = 0;
    for (const range of this.#allWanted()) sum += lengthOf(this.#options.mirror.present.gaps(range));
    return sum;
  }

  #aborted(signal: AbortSignal | undefined): Error {
    return aborted(this.#options.connection.address, signal);
  }

  #allWanted(): RangeSet {
    this.#wanted ??= new RangeSet(this.#demands);
    return this.#wanted;
  }
}

const bySize = (a: ByteRange, b: ByteRange): number => a.to - a.from - (b.to - b.from);

function lengthOf(ranges: Iterable<ByteRange>): number {
  let sum = 0;
  for (const { from, to } of ranges) sum += to - from;
  return sum;
}
