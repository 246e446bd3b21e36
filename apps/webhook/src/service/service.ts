import { once } from 'node:events';
import { resolve } from 'node:path';
import { openJobs, type StopOptions } from '@rawreel/jobs';
import type { Config } from '../config/config.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { adminPart } from './admin-part.ts';
import { ErrorLog } from './error-log.ts';
import { failoverPart } from './failover-part.ts';
import type { Log } from './log.ts';
import { notifyPart } from './notify-part.ts';
import type { Part, ServiceContext } from './part.ts';
import { queuePart } from './queue-part.ts';
import { receivePart } from './receive-part.ts';
import { reconcilePart } from './reconcile-part.ts';
import { settingsPart } from './settings-part.ts';
import { workPart } from './work-part.ts';

/** What each role runs, in the order of its start: webhooks are set up before there is anything to send. */
const PARTS_OF = {
  receive: [notifyPart, receivePart, queuePart, reconcilePart, failoverPart, settingsPart],
  work: [notifyPart, workPart],
} satisfies Record<string, readonly ((context: ServiceContext) => Part | Promise<Part>)[]>;

export type Role = keyof typeof PARTS_OF;

export interface ServiceOptions {
  readonly roles: readonly Role[];
  readonly config: Config;
  readonly log: Log;
  /** What must be in no text that leaves the service. */
  readonly secrets: readonly string[];
  /** `rawreel-webhook 0.1.0` */
  readonly madeBy: string;
  /** Stops the service. */
  readonly signal: AbortSignal;
}

/** Handlers that stop have files to remove. */
const HAND_BACK_MS = 5000;

/**
 * Receives events and asks Stream for what no event has reported; makes files; or both, until `signal` aborts. Then it accepts nothing
 * more, gives attempts `stopSeconds` to finish, and hands the others back for the next worker.
 *
 * @throws {JobsError} where there is no database
 * @throws {WebhookError}; system errors where it cannot listen
 */
export async function runService({
  roles,
  config,
  log,
  secrets,
  madeBy,
  signal,
}: ServiceOptions): Promise<void> {
  const { databaseUrl, dataFolder, leaseSeconds, stopSeconds } = config;
  const errors = new ErrorLog(log);
  const onError = errors.report;
  const data =
    databaseUrl === undefined ? `${dataFolder} (PostgreSQL inside)` : `PostgreSQL, cache in ${dataFolder}`;
  log({ level: 'info', text: `${madeBy} starts · data in ${data}` });
  const place = databaseUrl === undefined ? { dataFolder: resolve(dataFolder) } : { databaseUrl };
  const jobs = await openJobs({ ...place, leaseMs: leaseSeconds * 1000, onError });
  errors.watch(jobs.isReady);
  const parts: Part[] = [];
  let admin: Part | undefined;
  const stop = async (times: StopOptions): Promise<void> => {
    try {
      await Promise.all(parts.map((part) => part.stop(times)));
    } finally {
      // Whoever watches sees the others end.
      await admin?.stop(times);
    }
  };
  try {
    signal.throwIfAborted();
    const context = { jobs, config, log, secrets, madeBy, onError, metrics: createMetrics(jobs.ledger) };
    admin = await adminPart(context);
    for (const part of new Set(roles.flatMap((role) => PARTS_OF[role]))) parts.push(await part(context));
    if (!signal.aborted) await once(signal, 'abort');
    log({
      level: 'info',
      text: `stopping: attempts have ${stopSeconds} s to finish, then they are handed back`,
    });
    await stop({ finishMs: stopSeconds * 1000, handBackMs: HAND_BACK_MS });
    log({ level: 'info', text: 'stopped' });
  } catch (error) {
    await stop({ finishMs: 0, handBackMs: HAND_BACK_MS }).catch(onError);
    if (!signal.aborted) throw error;
  } finally {
    errors.stop();
    await jobs.close();
  }
}
