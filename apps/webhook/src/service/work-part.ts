import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { readyFact } from '../reconcile/ready-fact.ts';
import { tracedHandler } from '../telemetry/traced-handler.ts';
import { callTypeOf } from '../work/output-settings.ts';
import { startWorker } from '../work/start-worker.ts';
import { logWork } from './log-work.ts';
import { outputSettingsOf } from './output-settings.ts';
import type { Part, ServiceContext } from './part.ts';

const DAY_MS = 24 * 3_600_000;

/** The worker: as many recordings at a time as are configured, each where there is room for it. */
export async function workPart({
  jobs,
  config,
  log,
  metrics,
  madeBy,
  onError,
}: ServiceContext): Promise<Part> {
  const { apps, workers, ffmpegPath, retentionDays } = config;
  const { ledger } = jobs;
  const settingsOf = outputSettingsOf(config);
  const name = `${hostname()}:${process.pid}`;
  log({
    level: 'info',
    text: `outputs to ${placesOf(config)} · ${workers} ${workers === 1 ? 'recording' : 'recordings'} at a time on ${availableParallelism()} cores`,
  });
  const logEvent = logWork(log, {
    ledger,
    verifies: ({ callCid }) => settingsOf(callTypeOf(callCid)).verify,
  });
  return await startWorker(jobs, {
    apps,
    makingOf: settingsOf,
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
    around: (handler) => tracedHandler(handler, metrics.staged),
    name,
    concurrency: workers,
    tell(event) {
      metrics.worked(event);
      return logEvent(event);
    },
    onHeld: ({ id, callCid }, why) =>
      log({ level: 'warn', callCid, text: `waits: ${why}`, fields: { recording: id } }),
    onError,
  });
}

/** `media/{date}/{callType}`; one for each place that a call type of its own has. */
function placesOf({ output, template, callTypes }: Config): string {
  const settings: Config['callTypes'][string][] = [{}, ...Object.values(callTypes)];
  const places = settings.map((own) => `${own.output ?? output}/${own.template ?? template}`);
  return [...new Set(places)].join(', ');
}
