import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type Jobs, openJobs, type RecordingWithHistory, type StopOptions } from '@rawreel/jobs';
import { createRecordingControl } from '@rawreel/recording-control';
import { isAddress } from '@rawreel/storage/address';
import type { Config } from '../config/config.ts';
import { createReceiveApp } from '../http/receive-app.ts';
import { createReceiveServer } from '../http/receive-server.ts';
import { createReconciler, type Reconciler } from '../reconcile/reconciler.ts';
import { Room } from '../work/admission.ts';
import { sweepCache } from '../work/cache.ts';
import { createRecordingHandler } from '../work/recording-handler.ts';
import type { Log } from './log.ts';
import { tellAnswers } from './tell-answers.ts';
import { tellWork } from './tell-work.ts';

export type Role = 'receive' | 'work';

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
/** An event that is being received is answered within 6 s; who has sent none by then is not waited for. */
const CLOSE_WITHIN_MS = 8000;

/**
 * Receives, and asks Stream for what no event told; works; or both, until it is told to stop: then nothing more is taken, attempts
 * have `stopSeconds` to end by themselves, and what has not ended is handed back for the next worker.
 *
 * @throws {JobsError} where there is no database
 * @throws {WebhookError}; system errors where it cannot listen
 */
export async function runService({ roles, config, log, madeBy, signal }: ServiceOptions): Promise<void> {
  const { databaseUrl, dataFolder, stopSeconds } = config;
  const onError = (error: unknown) => log({ level: 'error', text: messageOf(error) });
  const data =
    databaseUrl === undefined ? `${dataFolder} (PostgreSQL inside)` : `PostgreSQL, cache in ${dataFolder}`;
  log({ level: 'info', text: `${madeBy} starts · data in ${data}` });
  const jobs = await openJobs(
    databaseUrl === undefined ? { dataFolder: resolve(dataFolder), onError } : { databaseUrl, onError },
  );
  try {
    signal.throwIfAborted();
    const receiver = roles.includes('receive') ? await receive(jobs, config, log) : undefined;
    const reconciler = roles.includes('receive') ? reconcile(jobs, config, log) : undefined;
    const worker = roles.includes('work') ? await work(jobs, config, log, madeBy, onError) : undefined;
    if (!signal.aborted) await once(signal, 'abort');
    log({
      level: 'info',
      text: `stopping: attempts have ${stopSeconds} s to end, then they are handed back`,
    });
    const times = { finishMs: stopSeconds * 1000, handBackMs: HAND_BACK_MS };
    await Promise.all([receiver?.stop(), reconciler?.stop(), worker?.stop(times)]);
    log({ level: 'info', text: 'stopped' });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await jobs.close();
  }
}

async function receive({ ledger, isReady }: Jobs, config: Config, log: Log) {
  const { apps, host, port } = config;
  const app = createReceiveApp({
    secrets: Object.fromEntries(apps.map(({ apiKey, secrets }) => [apiKey, secrets])),
    take: ledger.take,
    ready: isReady,
    onAnswer: tellAnswers(log),
  });
  const server = createReceiveServer(app).listen(port, host);
  await once(server, 'listening');
  const at = server.address() as AddressInfo;
  const url = `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/webhooks/stream`;
  const keys = apps.map(({ apiKey }) => apiKey).join(', ');
  log({ level: 'info', text: `receiving on ${url} · app key ${keys}`, fields: { url } });
  return {
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** Where events come in, what they should have told is asked for, too. */
function reconcile({ ledger }: Jobs, { apps }: Config, log: Log): Reconciler {
  const reconciler = createReconciler({
    apps: apps.map(({ apiKey, secrets: [secret = ''], baseUrl }) => ({
      apiKey,
      control: createRecordingControl({ apiKey, secret, baseUrl }),
    })),
    ledger,
    onWarning: (warning) => {
      const { code, message } = warning;
      const recording = 'recording' in warning ? warning.recording : undefined;
      const callCid = 'callCid' in warning ? warning.callCid : recording?.callCid;
      log({ level: 'warn', callCid, text: message, fields: { code, recording: recording?.id } });
    },
  });
  reconciler.start();
  return reconciler;
}

async function work(jobs: Jobs, config: Config, log: Log, madeBy: string, onError: (error: unknown) => void) {
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
  const worker = jobs.work(handler, {
    name: `${hostname()}:${process.pid}`,
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
    async stop(times: StopOptions): Promise<void> {
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

export function messageOf(error: unknown): string {
  const { message = String(error), hint } = error as { message?: string; hint?: string };
  return hint ? `${message}. ${hint}` : message;
}
