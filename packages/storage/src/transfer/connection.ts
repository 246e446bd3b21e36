import { pipeline, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Address } from '../address.ts';
import { aborted, judge } from '../failures/judge.ts';
import { BadAnswer, type Contents, readAnswer } from './answer.ts';
import { type RangeAnswer, type RangeReader, type RangeRequest, Refusal } from './range-reader.ts';
import { backOffMs, type RetryPolicy } from './retry.ts';
import { Stalled } from './stalled.ts';

export interface RetryEvent {
  readonly type: 'retry';
  readonly reason: string;
  readonly attempt: number;
  readonly waitMs: number;
}

export interface ConnectionOptions {
  readonly address: Address;
  readonly reader: RangeReader;
  readonly stallMs: number;
  readonly retry: RetryPolicy;
  readonly onRetry: (event: RetryEvent) => void;
}

export interface Answer {
  readonly contents: Contents | undefined;
  readonly body: Readable;
}

/**
 * Bytes that a connection has to bring while it is waited for as long as a stall takes: 270 a second by default. Six
 * connections share a link, and a slow one of 2G has 2 kB a second; who sends less, byte by byte, holds the run for ever.
 * A part that failed counts as got on with from so many new bytes on, or who breaks off after each byte does so, too.
 */
const LEAST_BYTES = 8 * 1024;

/** A network that is away comes back; a server that sends next to nothing is no better the next time. */
const MOST_DRIBBLES = 3;

/** A reader with patience: notices stalls, repeats what failed, counts the bytes; for every kind of reader once. */
export class Connection {
  readonly address: Address;
  /** Bytes of bodies that came over the network. */
  transferred = 0;
  readonly #options: ConnectionOptions;
  #wasReached = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.address = options.address;
  }

  /**
   * Asks once, and reads what the answer says of itself. `contents` is undefined where nothing has changed.
   *
   * @throws what `judge` makes a StorageError of
   */
  async ask(request: RangeRequest): Promise<Answer> {
    const answer = await this.#open(request);
    try {
      if (answer.status === 304) {
        if (request.unless === undefined) throw new BadAnswer('it says that nothing has changed, unasked');
        // Read to its end, empty as it is, it leaves its connection to the next request.
        return { contents: undefined, body: answer.body.resume() };
      }
      return { contents: readAnswer(answer, request), body: answer.body };
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  async #open(request: RangeRequest): Promise<RangeAnswer> {
    const { reader, stallMs } = this.#options;
    const stall = new AbortController();
    const timer = setTimeout(() => stall.abort(), stallMs);
    try {
      const answer = await reader.open({
        ...request,
        signal: AbortSignal.any([request.signal, stall.signal]),
      });
      this.#wasReached = true;
      return answer;
    } catch (error) {
      if (error instanceof Refusal) this.#wasReached = true;
      throw stall.signal.aborted ? new Stalled(stallMs) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body's bytes, each piece as it comes; given up when none, or hardly any, come for too long. */
  async *receive(body: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { stallMs } = this.#options;
    const stop = () => body.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const pieces = body[Symbol.asyncIterator]();
    let timer: NodeJS.Timeout | undefined;
    let waitedMs = 0;
    let came = 0;
    try {
      for (;;) {
        // Only waiting for the network counts: a slow disk is no stall.
        timer = setTimeout(() => body.destroy(new Stalled(stallMs)), stallMs);
        const from = performance.now();
        const piece = await pieces.next();
        clearTimeout(timer);
        if (piece.done === true) return;
        waitedMs += performance.now() - from;
        came += piece.value.byteLength;
        if (came >= LEAST_BYTES) [waitedMs, came] = [0, 0];
        else if (waitedMs >= stallMs) throw new Stalled(stallMs, came);
        this.transferred += piece.value.byteLength;
        yield piece.value;
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      body.destroy();
    }
  }

  /**
   * Does something until it succeeds, fails for good, or has failed too often with nothing new in between.
   *
   * @param progress bytes that were gained: when they grow by enough, the attempts are counted anew
   * @throws {StorageError}
   */
  async patiently<T>(work: () => Promise<T>, signal: AbortSignal, progress: () => number): Promise<T> {
    const { retry, onRetry } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const before = progress();
      try {
        return await work();
      } catch (failure) {
        if (signal.aborted) throw aborted(this.address, signal);
        const { error, isRepeated, reason, retryAfterMs } = judge(failure, this.address, this.#wasReached);
        if (progress() - before >= LEAST_BYTES) attempt = 1;
        const most = failure instanceof Stalled && failure.isDribble ? MOST_DRIBBLES : retry.attempts;
        if (!isRepeated || attempt >= Math.min(most, retry.attempts)) throw error;
        const waitMs = backOffMs(retry, attempt, retryAfterMs);
        onRetry({ type: 'retry', reason, attempt, waitMs });
        await delay(waitMs, undefined, { signal }).catch(() => {
          throw aborted(this.address, signal);
        });
      }
    }
  }

  close(): Promise<void> {
    return this.#options.reader.close();
  }
}

/** Bytes of a body that was compressed although it was asked for as it is. */
export async function* gunzip(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflated = createGunzip();
  // What goes wrong in either reaches whoever reads the end of it.
  pipeline(pieces, inflated, () => {});
  yield* inflated;
}
