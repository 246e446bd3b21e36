import { mkdir } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { RecordingWithHistory } from '@rawreel/jobs';
import { isAddress } from '@rawreel/storage/address';
import { watchedHandler } from '../telemetry/watched-handler.ts';
import { Room } from '../work/admission.ts';
import { sweepCache } from '../work/cache.ts';
import { createRecordingHandler } from '../work/recording-handler.ts';
import type { Log } from './log.ts';
import type { Part, Surroundings } from './part.ts';
import { tellWork } from './tell-work.ts';

/** The worker: as many recordings at a time as are configured, each where there is room for it. */
export async function workPart({ jobs, config, log, metrics, madeBy, onError }: Surroundings): Promise<Part> {
  const { apps, template, make, verify, workers, ffmpegPath } = config;
  const output = isAddress(config.output) ? config.output : resolve(config.output);
  const cacheFolder = join(resolve(config.dataFolder), 'cache');
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  const { ledger } = jobs;
  await sweepCache(cacheFolder, ledger);
  const room = new Room({ output, cacheFolder });
  const tell = tellWork(log, { ledger, verify });
  const admit = holding(room, log);
  const handler = createRecordingHandler({
    apps,
    output,
    template,
    make,
    verify,
    cacheFolder,
    ffmpegPath,
    madeBy,
    onRead: metrics.archiveRead,
  });
  log({
    level: 'info',
    text: `outputs to ${config.output}/${template} · ${workers} ${workers === 1 ? 'recording' : 'recordings'} at a time on ${availableParallelism()} cores`,
  });
  // What is still asked of the ledger once an attempt has ended: it is not left before.
  const asking = new Set<Promise<void>>();
  const ask = (question: Promise<void>): void => {
    const asked = question.catch(onError).finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const worker = jobs.work(watchedHandler(handler, metrics.staged), {
    name: `${hostname()}:${process.pid}`,
    concurrency: workers,
    admit,
    tell(event) {
      metrics.worked(event);
      if (event.kind === 'claimed') room.begin(event.recording);
      if (event.kind === 'ended') {
        room.end(event.recording);
        ask(sweepCache(cacheFolder, ledger));
      }
      ask(tell(event));
    },
  });
  return {
    async stop(times) {
      await worker.stop(times);
      await Promise.all(asking);
    },
  };
}

/** Tells once why a recording waits. */
function holding(room: Room, log: Log) {
  const held = new Set<string>();
  return async (recording: RecordingWithHistory) => {
    const admission = await room.admit(recording);
    if (admission === true) held.delete(recording.id);
    else if (!held.has(recording.id)) {
      held.add(recording.id);
      const { id, callCid } = recording;
      log({ level: 'warn', callCid, text: `waits: ${admission.why}`, fields: { recording: id } });
    }
    return admission;
  };
}
