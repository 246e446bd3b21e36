import { mkdir } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { RecordingWithHistory } from '@rawreel/jobs';
import type { Config } from '../config/config.ts';
import { readyFact } from '../reconcile/ready-fact.ts';
import { RETENTION_MS } from '../reconcile/reconciler.ts';
import { Room } from '../work/admission.ts';
import { sweepCache } from '../work/cache.ts';
import { callTypeOf } from '../work/making.ts';
import { createRecordingHandler } from '../work/recording-handler.ts';
import type { Log } from './log.ts';
import { makingOf } from './making-of.ts';
import type { Part, Surroundings } from './part.ts';
import { tellWork } from './tell-work.ts';

/** The worker: as many recordings at a time as are configured, each where there is room for it. */
export async function workPart({ jobs, config, log, madeBy, onError }: Surroundings): Promise<Part> {
  const { apps, workers, ffmpegPath } = config;
  const makings = makingOf(config);
  const makingFor = ({ callCid }: { readonly callCid: string }) => makings(callTypeOf(callCid));
  const cacheFolder = join(resolve(config.dataFolder), 'cache');
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  const { ledger } = jobs;
  await sweepCache(cacheFolder, ledger);
  const room = new Room({ outputOf: (recording) => makingFor(recording).output, cacheFolder });
  const tell = tellWork(log, { ledger, verifies: (recording) => makingFor(recording).verify });
  const admit = holding(room, log);
  log({
    level: 'info',
    text: `outputs to ${placesOf(config)} · ${workers} ${workers === 1 ? 'recording' : 'recordings'} at a time on ${availableParallelism()} cores`,
  });
  // What is still asked of the ledger once an attempt has ended: it is not left before.
  const asking = new Set<Promise<unknown>>();
  const ask = (question: Promise<unknown>): void => {
    const asked = question.catch(onError).finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const name = `${hostname()}:${process.pid}`;
  const handler = createRecordingHandler({
    apps,
    makingOf: makings,
    cacheFolder,
    ffmpegPath,
    madeBy,
    // For the next attempt, and for whoever looks when it expires.
    onListed({ apiKey, callCid }, listed) {
      const fact = readyFact(callCid, listed, { nowMs: Date.now(), retentionMs: RETENTION_MS });
      if (typeof fact !== 'string')
        ask(ledger.add(apiKey, [{ ...fact, source: { by: 'worker', id: name } }]));
    },
  });
  const worker = jobs.work(handler, {
    name,
    concurrency: workers,
    admit,
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
    async stop(times) {
      await worker.stop(times);
      await Promise.all(asking);
    },
  };
}

/** `media/{date}/{callType}`; one for each place that a call type of its own has. */
function placesOf({ output, template, callTypes }: Config): string {
  const makings: Config['callTypes'][string][] = [{}, ...Object.values(callTypes)];
  const places = makings.map((own) => `${own.output ?? output}/${own.template ?? template}`);
  return [...new Set(places)].join(', ');
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
