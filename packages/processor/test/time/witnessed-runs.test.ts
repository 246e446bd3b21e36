import type { SegmentTiming } from '@rawreel/archive';
import { describe, expect, test } from 'vitest';
import type { RunScan } from '../../src/time/run-scan.ts';
import { witnessedRuns } from '../../src/time/witnessed-runs.ts';
import { type Made, made, RATE, T0 } from './made-run.ts';

const HOURS_MS = 2 ** 24;

/** Runs of one dump, one after the other on one media clock: how long each lasts, and how far off it claims to be. */
function dump(...runs: readonly (readonly [lengthMs: number, offMs: number, more?: Partial<Made>])[]) {
  let atMs = 0;
  return runs.map(([lengthMs, offMs, more], run) => {
    const scan = made({
      run,
      continuesTicks: run > 0,
      atMs: atMs + offMs,
      lengthMs,
      firstTicks: (atMs / 1000) * RATE,
      ...more,
    });
    atMs += lengthMs;
    return scan;
  });
}

function placed(runs: readonly RunScan[], timing: SegmentTiming, ...others: (readonly RunScan[])[]) {
  const { runsOfTracks, unseen } = witnessedRuns([
    { clockRate: RATE, segments: [{ timing, runs }] },
    ...others.map((other) => ({ clockRate: RATE, segments: [{ timing: {}, runs: other }] })),
  ]);
  return {
    runs: runsOfTracks[0]?.[0] ?? [],
    startsMs: (runsOfTracks[0]?.[0] ?? []).map(({ firstReceivedMs }) => firstReceivedMs - T0 - 30),
    unseen: unseen.map(({ packets, byMs }) => [packets, Math.round(byMs)]),
  };
}

const named = (fromMs: number, untilMs: number): SegmentTiming => ({
  firstRtpUnixMs: T0 + fromMs,
  lastRtpUnixMs: T0 + untilMs,
});

/** What the participant's clock said `atMs` after the beginning, in a packet that came then. */
const reportAt = (atMs: number) => ({ rtpTicks: 0, ntpMs: atMs, receivedMs: T0 + atMs });

describe('a run that leaps away', () => {
  test('sixty packets that the metadata contradicts · go where their media clock says', () => {
    const { startsMs, unseen } = placed(dump([5000, 0], [1200, HOURS_MS], [5000, 0]), named(0, 11_200));
    expect(startsMs).toEqual([0, 5000, 6200]);
    expect(unseen).toEqual([[60, HOURS_MS]]);
  });

  test('the same at the beginning, where they are most · before the others', () => {
    const { startsMs } = placed(dump([9000, HOURS_MS], [2000, 0]), named(0, 11_000));
    expect(startsMs).toEqual([0, 9000]);
  });

  test('their inner times move along', () => {
    const [, moved] = placed(dump([5000, 0], [6000, HOURS_MS]), named(0, 11_000)).runs;
    const [mediaMs = 0, receivedMs = 0] = moved?.pieces.at(-1)?.samples.slice(-2) ?? [];
    expect(receivedMs - T0 - mediaMs).toBeCloseTo(30, 3);
    expect((moved?.lastReceivedMs ?? 0) - (moved?.firstReceivedMs ?? 0)).toBe(5980);
  });

  test('a participant who returns after hours · the metadata saw it', () => {
    const { startsMs, unseen } = placed(dump([5000, 0], [5000, HOURS_MS]), named(0, HOURS_MS + 10_000));
    expect(startsMs).toEqual([0, HOURS_MS + 5000]);
    expect(unseen).toEqual([]);
  });

  test('metadata that ends too early · the participant’s own clock saw it', () => {
    const runs = dump(
      [5000, 0, { reports: [reportAt(2000)] }],
      [5000, HOURS_MS, { reports: [reportAt(HOURS_MS + 7000)] }],
    );
    expect(placed(runs, named(0, 5000)).unseen).toEqual([]);
  });

  test('reports that say otherwise confirm nothing', () => {
    const runs = dump(
      [5000, 0, { reports: [reportAt(2000)] }],
      [5000, HOURS_MS, { reports: [reportAt(7000)] }],
    );
    expect(placed(runs, named(0, 10_000)).unseen).toHaveLength(1);
  });

  test('no metadata · five packets are believed', () => {
    expect(placed(dump([5000, 0], [5000, HOURS_MS]), {}).unseen).toEqual([]);
  });

  test('metadata that no run agrees with · is what is wrong', () => {
    const runs = dump([5000, 0], [5000, 60_000]);
    expect(placed(runs, named(HOURS_MS, HOURS_MS + 10_000)).unseen).toEqual([]);
  });

  test('a few packets that nobody else saw · the metadata tells, or without it the others of the recording', () => {
    const runs = dump([5000, 0], [60, HOURS_MS]);
    expect(placed(runs, named(0, 5060)).unseen).toHaveLength(1);
    expect(placed(runs, {}).unseen).toHaveLength(1);
    expect(placed(runs, {}, dump([5000, HOURS_MS])).unseen).toEqual([]);
  });
});

describe('runs of one dump follow each other', () => {
  test('sixty packets ahead within a call that lasts longer · are not believed', () => {
    const long = dump([5000, 0], [1200, 60_000], [100_000, 0]);
    const { startsMs, unseen } = placed(long, named(0, 106_200));
    expect(startsMs[1]).toBe(5000);
    expect(unseen).toEqual([[60, 60_000]]);
  });

  test('of two the one with more packets is believed', () => {
    expect(placed(dump([1000, 30_000], [5000, 0]), {}).unseen).toEqual([[50, 30_000]]);
    expect(placed(dump([5000, 30_000], [1000, 0]), {}).unseen).toEqual([[50, -30_000]]);
  });

  test('layers of a camera are sent side by side', () => {
    const layers = [0, 1].flatMap((layer) => dump([5000, 0]).map((run) => ({ ...run, layer })));
    expect(placed(layers, named(0, 5000)).unseen).toEqual([]);
  });
});
