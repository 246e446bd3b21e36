import { parentPort, workerData } from 'node:worker_threads';
import { type Blocks, type BusOptions, buffersOf, MixBus } from './mix-bus.ts';

/** Asks a worker thread for a window of its tracks' sum, and gives it memory to put that in. */
export interface WindowRequest {
  readonly from: number;
  readonly to: number;
  readonly spare: ArrayBuffer[];
}

export type WindowReply = { readonly blocks: Blocks } | { readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error('this file runs in a worker thread');
const bus = new MixBus(workerData as BusOptions);
let turn: Promise<void> = Promise.resolve();

port.on('message', ({ from, to, spare }: WindowRequest) => {
  turn = turn.then(async () => {
    try {
      bus.reuse(spare);
      const blocks = await bus.window(from, to);
      port.postMessage({ blocks } satisfies WindowReply, buffersOf(blocks));
    } catch (error) {
      port.postMessage({ error } satisfies WindowReply);
    }
  });
});
