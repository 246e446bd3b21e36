import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Jobs, openJobs, type RecordingWithHistory, type WorkerEvent } from '../src/index.ts';
import { event } from './builders/events.ts';
import { namesOf, ready } from './builders/facts.ts';
import { databaseServer, newFolder } from './builders/server.ts';
import { Told } from './builders/told.ts';
import type { WorkerMessage } from './builders/worker-process.ts';

const server = databaseServer();
const WORKER = new URL('./builders/worker-process.ts', import.meta.url);
const OUTPUTS = { destination: 'by the survivor', files: 1, bytes: 1, manifest: 'm' };
/** Of those that are killed or stand still; it is waited for. */
const SHORT_LEASE_MS = 2500;
/** Of the others, who keep theirs on a busy machine, too. A third of it passes between two looks for leases that have ended. */
const LEASE_MS = 6000;

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
});

function workerProcess(databaseUrl: string, name: string, leaseMs: number) {
  const child = fork(WORKER, [databaseUrl, name, String(leaseMs)]);
  const told = new Told<WorkerMessage>();
  child.on('message', told.tell);
  children.push(child);
  return {
    child,
    told,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    finish: () => child.send('finish'),
  };
}

async function historyOf(jobs: Jobs): Promise<RecordingWithHistory> {
  const { recordings } = await jobs.ledger.list({ limit: 2 });
  expect(recordings).toHaveLength(1);
  return (await jobs.ledger.recording(recordings[0]?.id ?? '')) as RecordingWithHistory;
}

const isEnded = (told: WorkerEvent): boolean => told.kind === 'ended';
const ofKind =
  (kind: WorkerMessage['kind']) =>
  (message: WorkerMessage): boolean =>
    message.kind === kind;

describe('a worker that is killed with -9', () => {
  test('its recording is taken up by another, and delivered once', async () => {
    const jobs = await server.open({ leaseMs: LEASE_MS });
    await jobs.ledger.take(event(), [ready(namesOf(1))]);
    const victim = workerProcess(jobs.databaseUrl, 'victim', SHORT_LEASE_MS);
    await victim.told.next(ofKind('claimed'));
    victim.kill('SIGKILL');

    const told = new Told<WorkerEvent>();
    jobs.work(async () => OUTPUTS, { name: 'survivor', pollMs: 50, tell: told.tell });
    await told.next(isEnded);
    const { state, attempt, outputs, facts } = await historyOf(jobs);
    expect({ state, attempt, outputs }).toEqual({ state: 'done', attempt: 2, outputs: OUTPUTS });
    expect(facts.filter(({ kind }) => kind === 'outputs-stored')).toHaveLength(1);
    expect(facts.find((one) => one.kind === 'attempt-ended' && one.attempt === 1)).toMatchObject({
      outcome: 'lost',
      message: 'Worker victim was not heard of any more',
    });
  });
});

describe('a worker that stands still past its lease', () => {
  test('another delivers; thawed, it is told to stop, and what it has made comes too late for the database', async () => {
    const jobs = await server.open({ leaseMs: LEASE_MS });
    await jobs.ledger.take(event(), [ready(namesOf(1))]);
    const frozen = workerProcess(jobs.databaseUrl, 'frozen', SHORT_LEASE_MS);
    await frozen.told.next(ofKind('claimed'));
    frozen.kill('SIGSTOP');

    const told = new Told<WorkerEvent>();
    jobs.work(async () => OUTPUTS, { name: 'survivor', pollMs: 50, tell: told.tell });
    await told.next(isEnded);
    frozen.kill('SIGCONT');
    expect(await frozen.told.next(ofKind('aborted'))).toEqual({ kind: 'aborted', attempt: 1 });
    frozen.finish();
    expect(await frozen.told.next(ofKind('ended'))).toEqual({
      kind: 'ended',
      attempt: 1,
      outcome: 'refused',
    });

    const { state, attempt, outputs, facts } = await historyOf(jobs);
    expect({ state, attempt, outputs }).toEqual({ state: 'done', attempt: 2, outputs: OUTPUTS });
    expect(facts.filter(({ kind }) => kind === 'outputs-stored')).toHaveLength(1);
  });

  test('the same while the other one still works: the other one delivers', async () => {
    const jobs = await server.open({ leaseMs: LEASE_MS });
    await jobs.ledger.take(event(), [ready(namesOf(1))]);
    const frozen = workerProcess(jobs.databaseUrl, 'frozen', SHORT_LEASE_MS);
    await frozen.told.next(ofKind('claimed'));
    frozen.kill('SIGSTOP');

    const other = workerProcess(jobs.databaseUrl, 'other', LEASE_MS);
    await other.told.next(ofKind('claimed'));
    frozen.kill('SIGCONT');
    frozen.finish();
    expect(await frozen.told.next(ofKind('ended'))).toMatchObject({ outcome: 'refused' });
    expect(await historyOf(jobs)).toMatchObject({ state: 'downloading', attempt: 2, worker: 'other' });
    other.finish();
    expect(await other.told.next(ofKind('ended'))).toMatchObject({ attempt: 2, outcome: 'stored' });
    expect(await historyOf(jobs)).toMatchObject({ state: 'done', outputs: { destination: 'by other' } });
  });
});

describe('a database that is killed with -9', () => {
  test('starts again by itself, with every event that was acknowledged and the work that was under way', async () => {
    const folder = newFolder();
    const broken = new Told<unknown>();
    const jobs = await openJobs({ dataFolder: folder, leaseMs: 20_000, onError: broken.tell });
    try {
      const told = new Told<WorkerEvent>();
      const claimed = Promise.withResolvers<void>();
      const killed = Promise.withResolvers<void>();
      jobs.work(
        async ({ recording, stage }) => {
          if (recording.callCid !== 'default:call-0') return OUTPUTS;
          claimed.resolve();
          await killed.promise;
          // Nobody is there to note it.
          await stage('storing');
          return OUTPUTS;
        },
        { name: 'one', concurrency: 2, pollMs: 50, tell: told.tell },
      );
      await jobs.ledger.take(event(), [ready(namesOf(0))]);
      await claimed.promise;

      const pid = Number.parseInt(readFileSync(join(folder, 'postgresql/data/postmaster.pid'), 'utf8'), 10);
      const acknowledged = new Set<string>(['default:call-0']);
      let refused = 0;
      // Ten senders, each again and again until it has been told that its event was taken, as Stream does.
      const sender = async (first: number): Promise<void> => {
        for (let index = first; index <= 60; index += 10) {
          const own = event();
          for (let isTaken = false; !isTaken; ) {
            isTaken = await jobs.ledger.take(own, [ready(namesOf(index))]).then(
              () => true,
              () => false,
            );
            if (!isTaken) refused++;
            if (!isTaken) await broken.next(() => true);
          }
          acknowledged.add(`default:call-${index}`);
          if (acknowledged.size === 20) {
            process.kill(pid, 'SIGKILL');
            killed.resolve();
          }
        }
      };
      await Promise.all(Array.from({ length: 10 }, (_, index) => sender(index + 1)));
      expect(refused).toBeGreaterThan(0);
      await told.count(61, isEnded);

      const { recordings } = await jobs.ledger.list({ limit: 100 });
      expect(new Set(recordings.map(({ callCid }) => callCid))).toEqual(acknowledged);
      expect(recordings.filter(({ state }) => state !== 'done')).toEqual([]);
      // What was under way when the database was killed was finished in its first attempt.
      expect(recordings.find(({ callCid }) => callCid === 'default:call-0')).toMatchObject({ attempt: 1 });
      const again = Number.parseInt(readFileSync(join(folder, 'postgresql/data/postmaster.pid'), 'utf8'), 10);
      expect(again).not.toBe(pid);
    } finally {
      await jobs.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
