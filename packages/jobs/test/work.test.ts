import { describe, expect, test } from 'vitest';
import {
  AttemptFailure,
  AttemptOver,
  type FailureKind,
  type Handler,
  type Job,
  type Jobs,
  type RecordingSummary,
  type RetryRules,
  type WorkerEvent,
} from '../src/index.ts';
import { event } from './builders/events.ts';
import { API_KEY, namesOf, ready } from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';
import { Told } from './builders/told.ts';

const server = databaseServer();
const PERSON = { by: 'person', id: 'alice' } as const;
const OUTPUTS = { destination: 'out', files: 3, bytes: 300, manifest: 'out/manifest.json' };
const FAST = { pollMs: 20, holdMs: 50 };

const isEnded = (told: WorkerEvent): boolean => told.kind === 'ended';
const take = (jobs: Jobs, index: number) => jobs.ledger.take(event(), [ready(namesOf(index))]);

async function find(jobs: Jobs, index: number): Promise<RecordingSummary> {
  const { recordings } = await jobs.ledger.list({ callCid: `default:call-${index}`, limit: 2 });
  expect(recordings).toHaveLength(1);
  return recordings[0] as RecordingSummary;
}

const factsOf = async (jobs: Jobs, index: number) =>
  (await jobs.ledger.recording((await find(jobs, index)).id))?.facts ?? [];

/** A handler that says when it was called, and ends when it is told. */
function heldHandler() {
  const called = new Told<Job>();
  const gate = Promise.withResolvers<void>();
  const handler: Handler = async (job) => {
    called.tell(job);
    await Promise.race([
      gate.promise,
      new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
    ]);
    return OUTPUTS;
  };
  return { called, handler, open: gate.resolve };
}

const letters = (databaseUrl: string) =>
  server.query<{ data: object }>(
    databaseUrl,
    `select data from rawreel_queue.job where name = 'recordings-given-up' and state < 'completed'`,
  );

describe('a recording is processed', () => {
  test('stage by stage, with all that is known of it, and its outputs are in the ledger', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const told = new Told<WorkerEvent>();
    const states: string[] = [];
    const handler: Handler = async ({ recordingId, attempt, recording, stage }) => {
      expect(recording).toMatchObject({ id: recordingId, ...namesOf(1), state: 'queued' });
      expect(recording.link?.url).toContain('rec_1.zip');
      expect(attempt).toBe(1);
      for (const name of ['downloading', 'processing', 'storing'] as const) {
        await stage(name);
        const now = await find(jobs, 1);
        states.push(now.state);
        expect(now).toMatchObject({ attempt: 1, worker: 'one' });
        expect((await jobs.ledger.recording(recordingId))?.lease).toMatchObject({
          worker: 'one',
          attempt: 1,
        });
      }
      return OUTPUTS;
    };
    jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    expect(await told.next(isEnded)).toMatchObject({
      attempt: 1,
      result: { outcome: 'stored', outputs: OUTPUTS },
    });
    expect(states).toEqual(['downloading', 'processing', 'storing']);
    const { id } = await find(jobs, 1);
    expect(await jobs.ledger.recording(id)).toMatchObject({
      state: 'done',
      attempt: 1,
      outputs: OUTPUTS,
      lease: undefined,
    });
    expect(
      await server.query(
        jobs.databaseUrl,
        `select state::text from rawreel_queue.job where name = 'recordings'`,
      ),
    ).toEqual([{ state: 'completed' }]);
  });

  test('forty by two workers on one database, three at a time each: each once', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    const told = new Told<WorkerEvent>();
    const running = { now: 0, most: 0 };
    const handler: Handler = async ({ recording }) => {
      running.now++;
      running.most = Math.max(running.most, running.now);
      await jobs.ledger.recording(recording.id);
      running.now--;
      return OUTPUTS;
    };
    for (const [index, one] of [jobs, other].entries())
      one.work(handler, { name: `worker-${index}`, concurrency: 3, ...FAST, tell: told.tell });
    await jobs.ledger.add(
      API_KEY,
      Array.from({ length: 40 }, (_, index) => ready(namesOf(index))),
    );
    await told.count(40, isEnded);
    expect(told.all.filter(isEnded)).toHaveLength(40);
    expect(running.most).toBeLessThanOrEqual(6);
    expect(await jobs.ledger.counts()).toEqual(new Map([['done', 40]]));
    const stored = await server.query<{ count: string }>(
      jobs.databaseUrl,
      `select count(*) from rawreel.facts where kind = 'outputs-stored'`,
    );
    expect(stored).toEqual([{ count: '40' }]);
  });

  test('a small call is not kept waiting by a large one: where another call has work, no call gets a second slot', async () => {
    const jobs = await server.open();
    const { callCid } = namesOf(0);
    await jobs.ledger.add(
      API_KEY,
      Array.from({ length: 5 }, (_, index) => ready({ ...namesOf(index), callCid })),
    );
    await take(jobs, 100);
    const { called, handler, open } = heldHandler();
    jobs.work(handler, { name: 'one', concurrency: 3, ...FAST });
    await called.count(3, () => true);
    // The second is the small call's though five were before it; the third slot is not left empty.
    expect(called.all.map(({ recording }) => recording.callCid)).toEqual([
      callCid,
      'default:call-100',
      callCid,
    ]);
    open();
  });
});

describe('an attempt fails', () => {
  /** No waiting, and no more than two retries of anything that is tried again. */
  const rule = { retries: 2, firstSeconds: 0, mostSeconds: 0 };
  const retryRules: Partial<RetryRules> = { network: rule, bug: rule, 'expired-link': rule };

  test.each<readonly [string, () => Error, FailureKind, number]>([
    ['the network', () => new AttemptFailure('network', 'connection reset'), 'network', 3],
    [
      'a link that is over',
      () => new AttemptFailure('expired-link', 'the link has expired'),
      'expired-link',
      3,
    ],
    ['an error of no kind', () => new TypeError('x is not a function'), 'bug', 3],
    ['a damaged archive', () => new AttemptFailure('damaged', 'no directory'), 'damaged', 1],
  ])('%s', async (_, failure, kind, attempts) => {
    const jobs = await server.open({ retryRules });
    await take(jobs, 1);
    const told = new Told<WorkerEvent>();
    const handler: Handler = async () => {
      throw failure();
    };
    jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    await told.count(attempts, isEnded);
    const recording = await find(jobs, 1);
    expect(recording).toMatchObject({
      state: 'failed',
      attempt: attempts,
      failure: { kind, message: failure().message },
    });
    const outcomes = (await factsOf(jobs, 1)).flatMap((one) =>
      one.kind === 'attempt-ended' ? [one.outcome] : [],
    );
    expect(outcomes).toEqual([...Array(attempts - 1).fill('failed'), 'given-up']);
    expect(await letters(jobs.databaseUrl)).toEqual([
      {
        data: {
          recordingId: recording.id,
          callCid: 'default:call-1',
          attempt: attempts,
          kind,
          reason: failure().message,
          tryAgain: `rawreel jobs retry ${recording.id}`,
        },
      },
    ]);
  });

  test('given up, then retried by a person, with as many tries as before; the dead letter is gone', async () => {
    const jobs = await server.open({ retryRules });
    await take(jobs, 1);
    const told = new Told<WorkerEvent>();
    let isBroken = true;
    const handler: Handler = async () => {
      if (isBroken) throw new AttemptFailure('network', 'connection reset');
      return OUTPUTS;
    };
    const first = jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    await told.count(3, isEnded);
    await first.stop();
    const { id } = await find(jobs, 1);
    expect(await letters(jobs.databaseUrl)).toHaveLength(1);
    await jobs.ledger.retry(id, PERSON);
    expect(await letters(jobs.databaseUrl)).toEqual([]);
    jobs.work(handler, { name: 'two', ...FAST, tell: told.tell });
    await told.count(6, isEnded);
    expect(await find(jobs, 1)).toMatchObject({ state: 'failed', attempt: 6 });
    isBroken = false;
    await jobs.ledger.retry(id, PERSON);
    await told.count(7, isEnded);
    expect(await find(jobs, 1)).toMatchObject({ state: 'done', attempt: 7 });
    expect(await letters(jobs.databaseUrl)).toEqual([]);
  });

  test('a file that is gone makes the recording expired', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const told = new Told<WorkerEvent>();
    const handler: Handler = async () => {
      throw new AttemptFailure('gone', 'Stream has no such file');
    };
    jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    await told.next(isEnded);
    expect(await find(jobs, 1)).toMatchObject({
      state: 'expired',
      failure: { kind: 'gone', message: 'Stream has no such file' },
    });
  });

  test('when the next attempt may begin is to be seen, and nobody begins it sooner', async () => {
    const jobs = await server.open({
      retryRules: { network: { retries: 1, firstSeconds: 3600, mostSeconds: 3600 } },
    });
    await take(jobs, 1);
    const told = new Told<WorkerEvent>();
    const handler: Handler = async ({ recording }) => {
      if (recording.callCid === 'default:call-1') throw new AttemptFailure('network', 'connection reset');
      return OUTPUTS;
    };
    jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    await told.next(isEnded);
    const { state, retryAtMs = 0, sinceMs } = await find(jobs, 1);
    expect([state, retryAtMs - sinceMs]).toEqual(['queued', 3_600_000]);
    // Looking for work goes on meanwhile.
    await take(jobs, 2);
    await told.count(2, isEnded);
    expect(await find(jobs, 1)).toMatchObject({ state: 'queued', attempt: 1 });
    expect(await find(jobs, 2)).toMatchObject({ state: 'done' });
  });
});

describe('a recording that there is no room for', () => {
  test('waits visibly while others go on, and is taken up when there is room', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    await take(jobs, 2);
    const told = new Told<WorkerEvent>();
    let hasRoom = false;
    const admit = ({ callCid }: RecordingSummary) =>
      hasRoom || callCid !== 'default:call-1' || { why: 'needs 9 GB of disk, 2 GB are free' };
    jobs.work(async () => OUTPUTS, { name: 'small', ...FAST, admit, tell: told.tell });
    await told.next(isEnded);
    expect(await find(jobs, 2)).toMatchObject({ state: 'done' });
    const { id, state, attempt } = await find(jobs, 1);
    expect([state, attempt]).toEqual(['queued', 0]);
    expect((await jobs.ledger.recording(id))?.holds).toMatchObject([
      { worker: 'small', why: 'needs 9 GB of disk, 2 GB are free' },
    ]);
    hasRoom = true;
    await told.count(2, isEnded);
    expect(await jobs.ledger.recording(id)).toMatchObject({ state: 'done', attempt: 1, holds: [] });
  });

  test('is taken up by another worker that has room', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const asked = new Told<string>();
    const told = new Told<WorkerEvent>();
    jobs.work(async () => OUTPUTS, {
      name: 'small',
      ...FAST,
      admit: ({ id }) => {
        asked.tell(id);
        return { why: 'too large' };
      },
    });
    await asked.next(() => true);
    jobs.work(async () => OUTPUTS, { name: 'large', ...FAST, tell: told.tell });
    expect(await told.next(isEnded)).toMatchObject({ result: { outcome: 'stored' } });
  });
});

describe('a worker stops', () => {
  test('what it does may finish', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const { called, handler, open } = heldHandler();
    const worker = jobs.work(handler, { name: 'one', ...FAST });
    await called.next(() => true);
    const stopped = worker.stop({ finishMs: 60_000 });
    open();
    await stopped;
    expect(await find(jobs, 1)).toMatchObject({ state: 'done', attempt: 1 });
  });

  test('it takes nothing more', async () => {
    const jobs = await server.open();
    const worker = jobs.work(async () => OUTPUTS, { name: 'one', ...FAST });
    await worker.stop();
    await take(jobs, 1);
    expect(worker.running).toBe(0);
    expect(await find(jobs, 1)).toMatchObject({ state: 'queued', attempt: 0 });
  });

  test('what has not finished in time is handed back, without a failure, and another takes it up at once', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const { called, handler } = heldHandler();
    const told = new Told<WorkerEvent>();
    const worker = jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    const { signal } = await called.next(() => true);
    await worker.stop({ finishMs: 0, handBackMs: 60_000 });
    expect(signal.reason).toEqual(new AttemptOver('stopping'));
    expect(await told.next(isEnded)).toMatchObject({ result: { outcome: 'handed-back' } });
    expect(await find(jobs, 1)).toMatchObject({ state: 'queued', attempt: 1, failure: undefined });
    jobs.work(async () => OUTPUTS, { name: 'two', ...FAST, tell: told.tell });
    await told.count(2, isEnded);
    expect(await find(jobs, 1)).toMatchObject({ state: 'done', attempt: 2 });
  });

  test('a handler that does not listen is left behind, and comes too late', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    const called = new Told<Job>();
    const told = new Told<WorkerEvent>();
    const gate = Promise.withResolvers<typeof OUTPUTS>();
    const worker = jobs.work(
      (job) => {
        called.tell(job);
        return gate.promise;
      },
      { name: 'deaf', ...FAST, tell: told.tell },
    );
    await called.next(() => true);
    await worker.stop({ finishMs: 0, handBackMs: 0 });
    expect(await find(jobs, 1)).toMatchObject({ state: 'queued', attempt: 1 });
    gate.resolve(OUTPUTS);
    expect(await told.next(isEnded)).toMatchObject({ result: { outcome: 'refused' } });
    expect(await find(jobs, 1)).toMatchObject({ state: 'queued', attempt: 1 });
  });
});

describe('a lease is lost', () => {
  test('by a person who cancels: the handler is told, and what it makes of it all the same is refused', async () => {
    const jobs = await server.open({ leaseMs: 300 });
    await take(jobs, 1);
    const called = new Told<Job>();
    const told = new Told<WorkerEvent>();
    jobs.work(
      async (job) => {
        called.tell(job);
        await new Promise((resolve) => job.signal.addEventListener('abort', resolve));
        return OUTPUTS;
      },
      { name: 'one', ...FAST, tell: told.tell },
    );
    const { signal, stage } = await called.next(() => true);
    await jobs.ledger.cancel((await find(jobs, 1)).id, PERSON);
    expect(await told.next(isEnded)).toMatchObject({ result: { outcome: 'refused' } });
    expect(signal.reason).toEqual(new AttemptOver('lost'));
    await expect(stage('storing')).rejects.toEqual(new AttemptOver('lost'));
    expect(await find(jobs, 1)).toMatchObject({ state: 'cancelled' });
    expect((await factsOf(jobs, 1)).some(({ kind }) => kind === 'outputs-stored')).toBe(false);
  });

  test('a recording that every worker dies of is given up', async () => {
    const jobs = await server.open({
      leaseMs: 200,
      retryRules: { lost: { retries: 2, firstSeconds: 0, mostSeconds: 0 } },
    });
    await take(jobs, 1);
    const called = new Told<Job>();
    const told = new Told<WorkerEvent>();
    // Its lease is renewed by somebody else's watch: taken away as if its process were gone.
    const handler: Handler = async (job) => {
      called.tell(job);
      await server.query(jobs.databaseUrl, `update rawreel.leases set worker = 'a process that is gone'`);
      return OUTPUTS;
    };
    jobs.work(handler, { name: 'one', ...FAST, tell: told.tell });
    await told.count(3, isEnded);
    for (let state = ''; state !== 'failed'; state = (await find(jobs, 1)).state);
    expect(await find(jobs, 1)).toMatchObject({
      attempt: 3,
      // Which worker depends on whether a machine that is busy lets its lease end sooner.
      failure: { kind: 'lost', message: expect.stringContaining('was not heard of any more') },
    });
    expect(told.all.filter(isEnded)).toMatchObject(Array(3).fill({ result: { outcome: 'refused' } }));
  });
});

describe('a job that was deleted by hand', () => {
  test('is made anew when the next one opens the ledger', async () => {
    const jobs = await server.open();
    await take(jobs, 1);
    await server.query(jobs.databaseUrl, `delete from rawreel_queue.job where name = 'recordings'`);
    const other = await server.open({ databaseUrl: jobs.databaseUrl, leaseMs: 3000 });
    const told = new Told<WorkerEvent>();
    other.work(async () => OUTPUTS, { name: 'one', ...FAST, tell: told.tell });
    expect(await told.next(isEnded)).toMatchObject({ result: { outcome: 'stored' } });
  });
});
