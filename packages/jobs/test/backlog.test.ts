import { expect, test } from 'vitest';
import type { Job, WorkerEvent } from '../src/index.ts';
import { API_KEY, EGRESS, namesOf, ready, started } from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';
import { Told } from './builders/told.ts';

const server = databaseServer();

test('what is not done, in numbers: by state with the oldest, soon gone, held, who works', async () => {
  const jobs = await server.open();
  expect(await jobs.ledger.backlog(0)).toMatchObject({ expiring: 0, held: 0, leases: 0, workers: 0 });
  await jobs.ledger.add(API_KEY, [started(EGRESS, 1000)]);
  for (const [index, atMs] of [7000, 5000, 6000].entries())
    await jobs.ledger.add(API_KEY, [ready(namesOf(index), { expiresAtMs: 50_000 + index }, atMs)]);
  const { open, ...rest } = await jobs.ledger.backlog(50_002);
  expect(rest).toEqual({ expiring: 2, held: 0, leases: 0, workers: 0 });
  expect(open.get('queued')).toEqual({ count: 3, oldestSinceMs: 5000 });
  expect(open.get('recording')).toEqual({ count: 1, oldestSinceMs: 1000 });
  expect(open.size).toBe(2);

  const called = new Told<Job>();
  const refused = new Told<string>();
  const gate = Promise.withResolvers<void>();
  const ended = new Told<WorkerEvent>();
  const isFirst = ({ callCid }: { callCid: string }) => callCid === 'default:call-0';
  jobs.work(
    async (job) => {
      called.tell(job);
      await gate.promise;
      return { destination: 'out', files: 1, bytes: 1, manifest: 'out/manifest.json' };
    },
    {
      name: 'worker',
      pollMs: 20,
      admit(recording) {
        if (isFirst(recording)) return true;
        refused.tell(recording.callCid);
        return { why: 'no room' };
      },
      tell: (event) => ended.tell(event),
    },
  );
  await called.next(() => true);
  expect(await jobs.ledger.backlog(0)).toMatchObject({ leases: 1, workers: 1 });
  gate.resolve();
  await ended.next(({ kind }) => kind === 'ended');
  // A hold is written after its recording was refused; the second refusal of one shows that the first is there.
  await refused.count(2, (callCid) => callCid === 'default:call-1');
  const after = await jobs.ledger.backlog(0);
  expect(after).toMatchObject({ leases: 0, workers: 0 });
  expect(after.held).toBeGreaterThan(0);
  expect(after.open.get('queued')?.count).toBe(2);
});
