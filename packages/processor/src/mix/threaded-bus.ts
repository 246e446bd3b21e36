import { Worker } from 'node:worker_threads';
import { type Blocks, type Bus, type BusOptions, buffersOf } from './mix-bus.ts';
import type { MixedTrack } from './mix-plan.ts';
import { SAMPLE_RATE } from './mix-source.ts';
import type { WindowReply, WindowRequest } from './mix-worker.ts';

/** Shares the tracks out among worker threads, each of which decodes and sums its own; here their sums are summed. */
export class ThreadedBus implements Bus {
  /** Enough that no thread waits for the encoder, or for the slowest of them. */
  readonly ahead = 2;
  /** 2 s of stereo. Longer ones save little and take memory. */
  readonly windowSamples = 4 * SAMPLE_RATE;
  readonly #threads: readonly BusThread[];
  readonly #spare: ArrayBuffer[] = [];

  constructor(options: BusOptions, threads: number) {
    this.#threads = shares(options.tracks, threads).map((tracks) => new BusThread({ ...options, tracks }));
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

/** A worker thread, which answers requests in their order. */
class BusThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  /** Blocks that it sent and that it has not got back, or others for them. */
  #owed = 0;
  #failure: unknown;

  constructor(options: BusOptions) {
    this.#worker = new Worker(new URL('./mix-worker.js', import.meta.url), {
      workerData: options,
      // Packets wait for their window: a small young generation is as good as a large one. The old one: `run/threads.ts`.
      resourceLimits: { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 1024 },
    });
    this.#worker.on('message', (reply: WindowReply) => {
      const waiting = this.#waiting.shift();
      if ('error' in reply) return waiting?.reject(reply.error);
      this.#owed += buffersOf(reply.blocks).length;
      waiting?.resolve(reply.blocks);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that decodes sound has ended')));
  }

  /** Takes from `spares` what it is owed, and no more: a thread whose tracks are silent would hoard it. */
  window(from: number, to: number, spares: ArrayBuffer[]): Promise<Blocks> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting.push({ resolve, reject });
      const spare = spares.splice(0, this.#owed);
      this.#owed -= spare.length;
      this.#worker.postMessage({ from, to, spare } satisfies WindowRequest, spare);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
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
