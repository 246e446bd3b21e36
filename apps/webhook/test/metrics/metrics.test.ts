import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backlog, RecordingState } from '@rawreel/jobs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cachedQuery } from '../../src/metrics/cached-query.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { readEvent } from '../../src/receive/event.ts';
import { isRefusal } from '../../src/receive/refusal.ts';
import { bytesOf, KEY, lifeEvent } from '../builders/events.ts';
import { type Samples, samplesIn } from '../builders/prometheus.ts';
import { queued } from '../builders/recordings.ts';

const BACKLOG: Backlog = {
  open: new Map([['queued', { count: 3, oldestSinceMs: Date.now() - 60_000 }]]),
  expiring: 2,
  held: 1,
  leases: 4,
  workers: 2,
};
const ledger = {
  counts: async (): Promise<ReadonlyMap<RecordingState, number>> =>
    new Map([
      ['done', 7],
      ['queued', 3],
    ]),
  backlog: async () => BACKLOG,
};

const event = (type: string) => {
  const read = readEvent(bytesOf({ ...lifeEvent('started'), type }), { apiKey: KEY });
  if (isRefusal(read)) throw new Error(read.message);
  return read;
};

const scrape = async (metrics: ReturnType<typeof createMetrics>): Promise<Samples> =>
  samplesIn(await metrics.text());

test('events by type, status and code; foreign types are one', async () => {
  const metrics = createMetrics(ledger);
  const types = ['call.recording_started', 'call.ended', 'x'.repeat(200), 'call.recording_started'];
  for (const type of types) metrics.answered({ status: 200, code: 'taken', event: event(type) });
  metrics.answered({ status: 401, code: 'bad-signature' });
  const found = await scrape(metrics);
  expect([...found].filter(([sample]) => sample.startsWith('rawreel_events_total'))).toEqual([
    ['rawreel_events_total{type="call.recording_started",status="200",code="taken"}', 2],
    ['rawreel_events_total{type="other",status="200",code="taken"}', 2],
    ['rawreel_events_total{type="none",status="401",code="bad-signature"}', 1],
  ]);
});

test('attempts, stages, failures and bytes', async () => {
  const metrics = createMetrics(ledger);
  const recording = queued();
  const outputs = { destination: 'out', files: 4, bytes: 300, manifest: 'out/manifest.json' };
  for (const result of [
    { outcome: 'failed', kind: 'network', message: 'https://a/b?hush' },
    { outcome: 'stored', outputs },
    { outcome: 'handed-back' },
    { outcome: 'refused' },
  ] as const) {
    metrics.worked({ kind: 'claimed', recording, attempt: 1 });
    metrics.worked({ kind: 'ended', recording, attempt: 1, result });
  }
  metrics.worked({ kind: 'stopped' });
  metrics.staged('processing', 7);
  metrics.archiveRead(1000);
  const found = await scrape(metrics);
  for (const outcome of ['failed', 'stored', 'handed-back', 'refused'])
    expect(found.get(`rawreel_attempt_duration_seconds_count{outcome="${outcome}"}`)).toBe(1);
  expect(found.get('rawreel_stage_duration_seconds_sum{stage="processing"}')).toBe(7);
  expect(found.get('rawreel_stage_duration_seconds_bucket{le="5",stage="processing"}')).toBe(0);
  expect(found.get('rawreel_stage_duration_seconds_bucket{le="15",stage="processing"}')).toBe(1);
  expect(found.get('rawreel_attempt_failures_total{cause="network"}')).toBe(1);
  expect(found.get('rawreel_archive_read_bytes_total')).toBe(1000);
  expect(found.get('rawreel_outputs_stored_bytes_total')).toBe(300);
  expect(found.get('rawreel_outputs_stored_total')).toBe(4);
});

test('looks of the reconciler', async () => {
  const metrics = createMetrics(ledger);
  const about = { apiKey: 'key', breadth: 'active' } as const;
  const look = {
    breadth: 'active',
    calls: 3,
    found: 2,
    renewed: 1,
    expired: 0,
    named: new Set<string>(),
    failed: [],
  } as const;
  const last = 'rawreel_look_last_done_timestamp_seconds{app="key",breadth="active"}';
  metrics.looked({ ...about, seconds: 3, look: undefined });
  expect((await scrape(metrics)).has(last)).toBe(false);
  const before = Date.now() / 1000;
  metrics.looked({ ...about, seconds: 1, look });
  const found = await scrape(metrics);
  expect(found.get(last)).toBeGreaterThanOrEqual(before);
  const sum = (outcome: string) =>
    found.get(`rawreel_look_duration_seconds_sum{app="key",breadth="active",outcome="${outcome}"}`);
  expect([sum('failed'), sum('done')]).toEqual([3, 1]);
  const recordings = ['found', 'renewed', 'expired'].map((what) =>
    found.get(`rawreel_look_recordings_total{what="${what}"}`),
  );
  expect(recordings).toEqual([2, 1, 0]);
});

test('the ledger in numbers, asked once for a scrape', async () => {
  let asked = 0;
  const metrics = createMetrics({
    counts: ledger.counts,
    backlog: async () => {
      asked += 1;
      return BACKLOG;
    },
  });
  const found = await scrape(metrics);
  await metrics.text();
  expect(asked).toBe(1);
  expect([...found.keys()].filter((sample) => sample.startsWith('rawreel_recordings{'))).toHaveLength(12);
  expect(Object.fromEntries(found)).toMatchObject({
    'rawreel_recordings{state="done"}': 7,
    'rawreel_recordings{state="failed"}': 0,
    rawreel_ledger_up: 1,
    rawreel_queue_depth: 3,
    rawreel_recordings_held: 1,
    rawreel_recordings_expiring: 2,
    rawreel_leases: 4,
    rawreel_workers_busy: 2,
  });
  expect(found.get('rawreel_queue_oldest_seconds')).toBeGreaterThanOrEqual(60);
});

test('where the ledger does not answer its numbers are missing, and all others are there', async () => {
  const down = async () => {
    throw new Error('down');
  };
  const metrics = createMetrics({ counts: down, backlog: down });
  const found = await scrape(metrics);
  expect(found.get('rawreel_ledger_up')).toBe(0);
  for (const name of ['rawreel_recordings{state="done"}', 'rawreel_queue_depth', 'rawreel_leases'])
    expect(found.has(name)).toBe(false);
  expect(found.has('process_cpu_seconds_total')).toBe(true);
});

test('a ledger that takes long to be counted: that number comes with a later scrape, and nothing else waits for it', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const counted = Promise.withResolvers<ReadonlyMap<RecordingState, number>>();
  const metrics = createMetrics({ counts: () => counted.promise, backlog: ledger.backlog });
  const scraping = scrape(metrics);
  await vi.advanceTimersByTimeAsync(3000);
  const first = await scraping;
  expect([first.get('rawreel_ledger_up'), first.get('rawreel_queue_depth')]).toEqual([1, 3]);
  expect(first.has('rawreel_recordings{state="done"}')).toBe(false);
  counted.resolve(new Map([['done', 30_000_000]]));
  expect((await scrape(metrics)).get('rawreel_recordings{state="done"}')).toBe(30_000_000);
});

test('an answer is kept for five seconds, or twenty times as long as it took; so is a failure', async () => {
  let [now, asked, takes] = [0, 0, 0];
  const ask = cachedQuery(
    async () => {
      asked += 1;
      now += takes;
      if (asked === 3) throw new Error('down');
      return asked;
    },
    () => now,
  );
  expect([await ask(), await ask()]).toEqual([1, 1]);
  now = 4999;
  expect(await ask()).toBe(1);
  now = 5000;
  takes = 1000;
  expect(await ask()).toBe(2);
  now = 6000 + 19_999;
  expect(await ask()).toBe(2);
  now += 1;
  takes = 0;
  await expect(ask()).rejects.toThrow('down');
  await expect(ask()).rejects.toThrow('down');
  now += 5000;
  expect(await ask()).toBe(4);
});

test('the README has every metric, and no other', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `rawreel_'));
  const told = rows.flatMap((row) => row.split(' | ')[0]?.match(/rawreel_\w+/g) ?? []);
  const names = [...(await createMetrics(ledger).text()).matchAll(/^# TYPE (rawreel_\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(told.toSorted()).toEqual(names.toSorted());
});
