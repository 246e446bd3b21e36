import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { readyFact } from '../reconcile/ready-fact.ts';
import { watchedHandler } from '../telemetry/watched-handler.ts';
import { callTypeOf } from '../work/making.ts';
import { startWorker } from '../work/start-worker.ts';
import { makingOf } from './making-of.ts';
import type { Part, Surroundings } from './part.ts';
import { tellWork } from './tell-work.ts';

const DAY_MS = 24 * 3_600_000;

/** The worker: as many recordings at a time as are configured, each where there is room for it. */
export async function workPart({ jobs, config, log, metrics, madeBy, onError }: Surroundings): Promise<Part> {
  const { apps, workers, ffmpegPath, retentionDays } = config;
  const { ledger } = jobs;
  const makings = makingOf(config);
  const name = `${hostname()}:${process.pid}`;
  log({
    level: 'info',
    text: `outputs to ${placesOf(config)} · ${workers} ${workers === 1 ? 'recording' : 'recordings'} at a time on ${availableParallelism()} cores`,
  });
  const tell = tellWork(log, { ledger, verifies: ({ callCid }) => makings(callTypeOf(callCid)).verify });
  return await startWorker(jobs, {
    apps,
    makingOf: makings,
    cacheFolder: join(resolve(config.dataFolder), 'cache'),
    ffmpegPath,
    madeBy,
    onRead: metrics.archiveRead,
    // For the next attempt, and for whoever looks when it expires.
    async onListed({ apiKey, callCid }, listed) {
      const fact = readyFact(callCid, listed, { nowMs: Date.now(), retentionMs: retentionDays * DAY_MS });
      if (typeof fact !== 'string')
        await ledger.add(apiKey, [{ ...fact, source: { by: 'worker', id: name } }]);
    },
    around: (handler) => watchedHandler(handler, metrics.staged),
    name,
    concurrency: workers,
    tell(event) {
      metrics.worked(event);
      return tell(event);
    },
    onHeld: ({ id, callCid }, why) =>
      log({ level: 'warn', callCid, text: `waits: ${why}`, fields: { recording: id } }),
    onError,
  });
}

/** `media/{date}/{callType}`; one for each place that a call type of its own has. */
function placesOf({ output, template, callTypes }: Config): string {
  const makings: Config['callTypes'][string][] = [{}, ...Object.values(callTypes)];
  const places = makings.map((own) => `${own.output ?? output}/${own.template ?? template}`);
  return [...new Set(places)].join(', ');
}
