import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { DecodingThreads } from './decoding-threads.ts';
import { type Blocks, type Bus, type BusOptions, buffersOf } from './mix-bus.ts';
import type { MixedTrack } from './mix-plan.ts';
import { SAMPLE_RATE } from './mix-source.ts';
import type { WindowReply, WindowRequest } from './serve-bus.ts';

/** Shares the tracks out among threads, each of which decodes and sums its own; here their sums are summed. */
export class ThreadedBus implements Bus {
  /** Enough that no thread waits for the encoder, or for the slowest of them. */
  readonly ahead = 2;
  /** 2 s of stereo. Longer ones save little and take memory. */
  readonly windowSamples = 4 * SAMPLE_RATE;
  readonly #threads: readonly BusThread[];
  readonly #spare: ArrayBuffer[] = [];

  constructor(options: BusOptions, threads: DecodingThreads) {
    this.#threads = shares(options.tracks, threads.count).map(
      (tracks) => new BusThread({ ...options, tracks }, threads),
    );
  }

  async window(from: number, to: number): Promise<Blocks> {
    const sums = await Promise.all(this.#threads.map((thread) => thread.window(from, to, this.#spare)));
    const [first = [], ...others] = sums;
    return others.reduce<Blocks>((total, blocks) => this.#sumOf(total, blocks), first);
  }

  reuse(memory: readonly ArrayBuffer[]): void {
    this.#spare.push(...memory);
  }

  #sumOf(total: Blocks, blocks: Blocks): Blocks {
    const sums = total.map((sum, channel) => {
      const block = blocks[channel];
      return sum === undefined || block === undefined ? (sum ?? block) : added(sum, block);
    });
    this.reuse(buffersOf(blocks.filter((block) => !sums.includes(block))));
    return sums;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (blocks: Blocks) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that answers requests in their order. */
class BusThread {
  readonly #port: MessagePort;
  /** Never rejects. */
  readonly #served: Promise<void>;
  readonly #waiting: Waiting[] = [];
  /** Blocks that it sent and that it has not got back, or others for them. */
  #owed = 0;
  #failure: unknown;

  constructor(options: BusOptions, threads: DecodingThreads) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1.on('message', (reply: WindowReply) => {
      const waiting = this.#waiting.shift();
      if ('error' in reply) return waiting?.reject(reply.error);
      this.#owed += buffersOf(reply.blocks).length;
      waiting?.resolve(reply.blocks);
    });
    this.#served = threads.serve(options, port2).then(
      () => this.#fail(new Error('a thread that decodes sound has ended')),
      (error) => this.#fail(error),
    );
  }

  /** Takes from `spares` what it is owed, and no more: a thread whose tracks are silent would hoard it. */
  window(from: number, to: number, spares: ArrayBuffer[]): Promise<Blocks> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting.push({ resolve, reject });
      const spare = spares.splice(0, this.#owed);
      this.#owed -= spare.length;
      this.#port.postMessage({ from, to, spare } satisfies WindowRequest, spare);
    });
  }

  /** Settles when the thread is free for others. */
  async close(): Promise<void> {
    this.#port.close();
    await this.#served;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** The longest tracks first, each to the thread that has the least to do. */
function shares(tracks: readonly MixedTrack[], threads: number): readonly (readonly MixedTrack[])[] {
  const shared = Array.from({ length: Math.min(threads, tracks.length) }, () => ({
    bytes: 0,
    tracks: [] as MixedTrack[],
  }));
  for (const track of [...tracks].sort((a, b) => bytesOf(b) - bytesOf(a))) {
    const [first, ...others] = shared;
    if (first === undefined) break;
    const least = others.reduce((one, other) => (other.bytes < one.bytes ? other : one), first);
    least.bytes += bytesOf(track);
    least.tracks.push(track);
  }
  return shared.map((share) => share.tracks);
}

/** Inflated bytes that a track reads. */
export const bytesOf = ({ placed }: MixedTrack): number =>
  placed.scans.reduce((sum, { segment }) => sum + (segment.dump?.size ?? 0), 0);

function added(sum: Float32Array, block: Float32Array): Float32Array {
  for (let sample = 0; sample < sum.length; sample++) sum[sample] = (sum[sample] ?? 0) + (block[sample] ?? 0);
  return sum;
}
