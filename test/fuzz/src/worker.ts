import { parentPort, workerData } from 'node:worker_threads';
import { readCorpus } from './corpus.ts';
import { fuzz } from './engine.ts';
import { targetNamed } from './targets/index.ts';

/** What a worker is told, and where it shows what it is at. */
export interface Assignment {
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  /** Number of the input at hand, then its length. */
  readonly state: Int32Array;
  readonly input: Uint8Array;
}

const { target, seconds, seed, state, input: shown } = workerData as Assignment;
const result = await fuzz(targetNamed(target), {
  corpus: readCorpus(target).map(({ input }) => input),
  seed,
  seconds,
  before(input) {
    shown.set(input.subarray(0, shown.length));
    state[1] = Math.min(input.length, shown.length);
    Atomics.add(state, 0, 1);
  },
});
parentPort?.postMessage(result);
