import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, type Jobs, openJobs } from '@rawreel/jobs';
import pg from 'pg';
import { quick } from './inputs.ts';
import { median } from './measure.ts';

const IN_FLIGHT = 10;
const OUTPUTS = { destination: 'nowhere', files: 1, bytes: 1, manifest: 'nowhere/manifest.json' };
const SOURCE = { by: 'webhook' } as const;

/** What one machine takes and works off with the PostgreSQL of a data folder, beside the least that taking an event can cost. */
export async function jobsOnOneMachine(rounds: number): Promise<string[]> {
  const count = quick ? 200 : 2000;
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-bench-'));
  chmodSync(folder, 0o755);
  const jobs = await openJobs({ dataFolder: folder, connections: IN_FLIGHT + 2 });
  const pool = new pg.Pool({ connectionString: jobs.databaseUrl, max: IN_FLIGHT });
  try {
    await pool.query('create table plain (id bigint generated always as identity primary key, body text)');
    const row = JSON.stringify({ type: 'call.recording_ready', filler: 'x'.repeat(600) });
    const [plain, taken, worked]: number[][] = [[], [], []];
    for (let round = 0; round <= rounds; round++) {
      const first = round * count;
      const inserting = await perSecond(count, () =>
        pool.query('insert into plain (body) values ($1)', [row]),
      );
      const taking = await perSecond(count, (index) => take(jobs, first + index));
      const working = await workOff(jobs, count);
      // The first round warms up.
      if (round === 0) continue;
      plain?.push(inserting);
      taken?.push(taking);
      worked?.push(working);
    }
    const line = (name: string, rates: readonly number[] | undefined): string =>
      `| ${name} | ${Math.round(median(rates ?? []))} |`;
    return [
      `| PostgreSQL of a data folder, ${IN_FLIGHT} in flight | a second |`,
      '| --- | --- |',
      line('a row of 600 bytes', plain),
      line('event, facts, state and job in one transaction', taken),
      line('recordings claimed, stored and completed by a handler that does nothing', worked),
    ];
  } finally {
    await pool.end();
    await jobs.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes an event that makes a recording of its own ready. */
export async function take({ ledger }: Jobs, index: number): Promise<void> {
  const names = {
    callCid: `default:call-${index}`,
    egressId: `e${index}`,
    sessionId: `s${index}`,
    filename: `rec_${index}.zip`,
  };
  const ready: Fact = {
    ...names,
    kind: 'ready',
    url: 'https://x',
    startMs: 1,
    endMs: 2,
    atMs: 3,
    source: SOURCE,
  };
  await ledger.take(
    {
      apiKey: 'key',
      identity: `ready ${index}`,
      type: 'call.recording_ready',
      receivedAtMs: 4,
      body: { filler: 'x'.repeat(600) },
      source: SOURCE,
    },
    [ready],
  );
}

/** @returns how many a second were worked off by a handler that does nothing */
export async function workOff(jobs: Jobs, count: number, concurrency = IN_FLIGHT): Promise<number> {
  const begun = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  const tell = ({ kind }: { readonly kind: string }): void => {
    if (kind === 'ended' && --left === 0) resolve();
  };
  const worker = jobs.work(async () => OUTPUTS, { name: 'bench', concurrency, tell });
  await promise;
  const rate = (count * 1000) / (performance.now() - begun);
  await worker.stop();
  return rate;
}

async function perSecond(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return (count * 1000) / (performance.now() - begun);
}
