import { Worker } from 'node:worker_threads';
import type { Blocks, Bus, BusOptions } from './mix-bus.ts';
import type { Voice } from './mix-plan.ts';
import type { WindowReply, WindowRequest } from './mix-worker.ts';

/** Shares the voices out among worker threads, each of which decodes and sums its own; here their sums are summed. */
export class ThreadedBus implements Bus {
  /** Enough that no thread waits for the encoder, or for the slowest of them. */
  readonly ahead = 2;
  readonly #threads: readonly BusThread[];

  constructor(options: BusOptions, threads: number) {
    this.#threads = shares(options.voices, threads).map((voices) => new BusThread({ ...options, voices }));
  }

  async window(from: number, to: number): Promise<Blocks> {
    const sums = await Promise.all(this.#threads.map((thread) => thread.window({ from, to })));
    return sums.reduce((total, blocks) => total.map((block, channel) => sumOf(block, blocks[channel])));
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
  #failure: unknown;

  constructor(options: BusOptions) {
    this.#worker = new Worker(new URL('./mix-worker.js', import.meta.url), {
      workerData: options,
      // Decoded packets die young; without a limit V8 lets the young generation grow instead of collecting it.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (reply: WindowReply) => {
      const waiting = this.#waiting.shift();
      if ('error' in reply) waiting?.reject(reply.error);
      else waiting?.resolve(reply.blocks);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that decodes sound has ended')));
  }

  window(request: WindowRequest): Promise<Blocks> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
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
function shares(voices: readonly Voice[], threads: number): readonly (readonly Voice[])[] {
  const shared = Array.from({ length: Math.min(threads, voices.length) }, () => ({
    bytes: 0,
    voices: [] as Voice[],
  }));
  for (const voice of [...voices].sort((a, b) => bytesOf(b) - bytesOf(a))) {
    const [first, ...others] = shared;
    if (first === undefined) break;
    const least = others.reduce((one, other) => (other.bytes < one.bytes ? other : one), first);
    least.bytes += bytesOf(voice);
    least.voices.push(voice);
  }
  return shared.map((share) => share.voices);
}

/** Inflated bytes that a voice reads. */
export const bytesOf = ({ placed }: Voice): number =>
  placed.scans.reduce((sum, { segment }) => sum + (segment.dump?.size ?? 0), 0);

function sumOf(a: Float32Array | undefined, b: Float32Array | undefined): Float32Array | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  for (let sample = 0; sample < a.length; sample++) a[sample] = (a[sample] ?? 0) + (b[sample] ?? 0);
  return a;
}
