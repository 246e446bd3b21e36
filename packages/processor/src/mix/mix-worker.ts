import { parentPort, workerData } from 'node:worker_threads';
import { type Blocks, type BusOptions, MixBus } from './mix-bus.ts';

/** Asks a worker thread for a window of its voices' sum. */
export interface WindowRequest {
  readonly from: number;
  readonly to: number;
}

export type WindowReply = { readonly blocks: Blocks } | { readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error('this file runs in a worker thread');
const bus = new MixBus(workerData as BusOptions);
let turn: Promise<void> = Promise.resolve();

port.on('message', ({ from, to }: WindowRequest) => {
  turn = turn.then(async () => {
    try {
      const blocks = await bus.window(from, to);
      const buffers = blocks.flatMap((block) => (block === undefined ? [] : [block.buffer as ArrayBuffer]));
      port.postMessage({ blocks } satisfies WindowReply, buffers);
    } catch (error) {
      port.postMessage({ error } satisfies WindowReply);
    }
  });
});
