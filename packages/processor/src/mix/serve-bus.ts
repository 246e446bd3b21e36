import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { type Blocks, type BusOptions, buffersOf, MixBus } from './mix-bus.ts';

/** Asks for a window of the tracks' sum, and gives memory to put that in. */
export interface WindowRequest {
  readonly from: number;
  readonly to: number;
  readonly spare: ArrayBuffer[];
}

export type WindowReply = { readonly blocks: Blocks } | { readonly error: unknown };

/** Decodes and sums tracks for another thread, which asks through the port; settles when it has closed that. */
export async function serveBus(options: BusOptions, port: MessagePort): Promise<void> {
  const bus = new MixBus(options);
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
  await once(port, 'close');
  await turn;
  await bus.close();
}
