import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { isAddress } from '@rawreel/storage/address';
import { watchedHandler } from '../telemetry/watched-handler.ts';
import { startWorker } from '../work/start-worker.ts';
import type { Part, Surroundings } from './part.ts';
import { tellWork } from './tell-work.ts';

/** The worker: as many recordings at a time as are configured, each where there is room for it. */
export async function workPart({ jobs, config, log, metrics, madeBy, onError }: Surroundings): Promise<Part> {
  const { apps, template, make, verify, workers, ffmpegPath } = config;
  log({
    level: 'info',
    text: `outputs to ${config.output}/${template} · ${workers} ${workers === 1 ? 'recording' : 'recordings'} at a time on ${availableParallelism()} cores`,
  });
  const tell = tellWork(log, { ledger: jobs.ledger, verify });
  return await startWorker(jobs, {
    apps,
    output: isAddress(config.output) ? config.output : resolve(config.output),
    template,
    make,
    verify,
    cacheFolder: join(resolve(config.dataFolder), 'cache'),
    ffmpegPath,
    madeBy,
    onRead: metrics.archiveRead,
    around: (handler) => watchedHandler(handler, metrics.staged),
    name: `${hostname()}:${process.pid}`,
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
