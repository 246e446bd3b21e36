import { once } from 'node:events';
import { resolve } from 'node:path';
import { openJobs } from '@rawreel/jobs';
import type { Config } from '../config/config.ts';
import type { Log } from './log.ts';
import { messageOf } from './message-of.ts';
import type { Part, Surroundings } from './part.ts';
import { receivePart } from './receive-part.ts';
import { reconcilePart } from './reconcile-part.ts';
import { workPart } from './work-part.ts';

export type Role = 'receive' | 'work';

/** What each role does, in the order in which it begins. */
const PARTS_OF = {
  receive: [receivePart, reconcilePart],
  work: [workPart],
} satisfies Record<Role, readonly ((around: Surroundings) => Part | Promise<Part>)[]>;

export interface ServiceOptions {
  readonly roles: readonly Role[];
  readonly config: Config;
  readonly log: Log;
  /** `rawreel-webhook 0.1.0` */
  readonly madeBy: string;
  /** Stops the service. */
  readonly signal: AbortSignal;
}

/** Handlers that are told to stop have files to remove. */
const HAND_BACK_MS = 5000;

/**
 * Receives, and asks Stream for what no event told; works; or both, until it is told to stop: then nothing more is taken, attempts
 * have `stopSeconds` to end by themselves, and what has not ended is handed back for the next worker.
 *
 * @throws {JobsError} where there is no database
 * @throws {WebhookError}; system errors where it cannot listen
 */
export async function runService({ roles, config, log, madeBy, signal }: ServiceOptions): Promise<void> {
  const { databaseUrl, dataFolder, leaseSeconds, stopSeconds } = config;
  const onError = (error: unknown) => log({ level: 'error', text: messageOf(error) });
  const data =
    databaseUrl === undefined ? `${dataFolder} (PostgreSQL inside)` : `PostgreSQL, cache in ${dataFolder}`;
  log({ level: 'info', text: `${madeBy} starts · data in ${data}` });
  const place = databaseUrl === undefined ? { dataFolder: resolve(dataFolder) } : { databaseUrl };
  const jobs = await openJobs({ ...place, leaseMs: leaseSeconds * 1000, onError });
  try {
    signal.throwIfAborted();
    const parts: Part[] = [];
    for (const part of roles.flatMap((role) => PARTS_OF[role]))
      parts.push(await part({ jobs, config, log, madeBy, onError }));
    if (!signal.aborted) await once(signal, 'abort');
    log({
      level: 'info',
      text: `stopping: attempts have ${stopSeconds} s to end, then they are handed back`,
    });
    const times = { finishMs: stopSeconds * 1000, handBackMs: HAND_BACK_MS };
    await Promise.all(parts.map((part) => part.stop(times)));
    log({ level: 'info', text: 'stopped' });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await jobs.close();
  }
}
