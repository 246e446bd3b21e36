import type { MessagePort } from 'node:worker_threads';
import type { BusOptions } from './mix-bus.ts';

/** Threads that tracks can be shared out among. */
export interface DecodingThreads {
  /** So many are at work at the same time. */
  readonly count: number;
  /** They were asked for by their number: they work however little there is to do. */
  readonly isAskedFor: boolean;
  /** Has one of them serve a bus (`serve-bus.ts`); settles when the port is closed. */
  serve(options: BusOptions, port: MessagePort): Promise<void>;
  /** Ends them until they are needed again: for what needs their memory, and not them. */
  rest(): Promise<void>;
}
