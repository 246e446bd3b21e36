import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Handler, Jobs, RecordingWithHistory, Worker, WorkerEvent } from '@rawreel/jobs';
import { Room } from './admission.ts';
import { sweepCache } from './cache.ts';
import { callTypeOf } from './output-settings.ts';
import { createRecordingHandler, type HandlerOptions } from './recording-handler.ts';

export interface StartWorkerOptions extends Omit<HandlerOptions, 'onListed'> {
  /** As people will read it in the ledger. Default: the host's. */
  readonly name?: string | undefined;
  /** Recordings at a time; each uses all cores. */
  readonly concurrency: number;
  /** Told of what Stream lists of a recording whose link had to be fetched anew. */
  readonly onListed?: (
    ...listed: Parameters<NonNullable<HandlerOptions['onListed']>>
  ) => void | Promise<void>;
  /** Wraps the handler of attempts, in a span for example. */
  readonly around?: ((handler: Handler) => Handler) | undefined;
  /** What becomes of the recordings that it has. Not to throw. */
  readonly tell?: ((event: WorkerEvent) => void | Promise<void>) | undefined;
  /** There is no room for a recording now, and why: told once each time that it begins to wait. */
  readonly onHeld?: ((recording: RecordingWithHistory, why: string) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Makes and stores the files of recordings, as many at a time as there is room for. What is read of them is kept in the cache's
 * folder, which is made, until they come to an end.
 */
export async function startWorker(jobs: Jobs, options: StartWorkerOptions): Promise<Worker> {
  const {
    cacheFolder,
    makingOf,
    name = hostname(),
    concurrency,
    around = (handler) => handler,
    tell = () => undefined,
    onError = () => undefined,
  } = options;
  const { ledger } = jobs;
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  await sweepCache(cacheFolder, ledger);
  const room = new Room({
    outputOf: ({ callCid }) => makingOf(callTypeOf(callCid)).output,
    cacheFolder,
  });
  // What is still asked of the ledger once an attempt has ended: it is not left before.
  const asking = new Set<Promise<void>>();
  const ask = (question: void | Promise<void>): void => {
    const asked = Promise.resolve(question)
      .catch(onError)
      .finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const handler = createRecordingHandler({
    ...options,
    onListed: (recording, listed) => ask(options.onListed?.(recording, listed)),
  });
  const worker = jobs.work(around(handler), {
    name,
    concurrency,
    admit: holding(room, options.onHeld),
    tell(event) {
      if (event.kind === 'claimed') room.begin(event.recording);
      if (event.kind === 'ended') {
        room.end(event.recording);
        ask(sweepCache(cacheFolder, ledger));
      }
      ask(tell(event));
    },
  });
  return {
    name: worker.name,
    get running() {
      return worker.running;
    },
    async stop(times) {
      await worker.stop(times);
      await Promise.all(asking);
    },
  };
}

/** Tells once why a recording waits. */
function holding(room: Room, onHeld: StartWorkerOptions['onHeld'] = () => undefined) {
  const held = new Set<string>();
  return async (recording: RecordingWithHistory) => {
    const admission = await room.admit(recording);
    if (admission === true) held.delete(recording.id);
    else if (!held.has(recording.id)) {
      held.add(recording.id);
      onHeld(recording, admission.why);
    }
    return admission;
  };
}
