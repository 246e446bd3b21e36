import { describe, expect, test } from 'vitest';
import { leastDelay } from '../../src/time/delay-envelope.ts';
import { placeRuns, type ReportSample, unixMsOf } from '../../src/time/place-runs.ts';
import { made, RATE, T0 } from './made-run.ts';

const report = (rtpTicks: number, ntpMs: number): ReportSample => ({ rtpTicks, ntpMs });

describe('placing runs on the server’s clock', () => {
  test('first run · the least delayed packets place it, not the first one', () => {
    const [run] = placeRuns(
      [made({ atMs: 500, lengthMs: 4000, firstTicks: 7, delay: (index) => (index < 20 ? 400 : 30) })],
      RATE,
    );
    expect(run?.startMs).toBeCloseTo(T0 + 530, 6);
  });

  test('mute gap · where the RTP clock went on, its length is the RTP clock’s to the sample', () => {
    const runs = [
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 1000 }),
      made({
        segment: 1,
        atMs: 13_000,
        lengthMs: 7000,
        firstTicks: 1000 + 13 * RATE,
        delay: (index) => 60 + (index % 7),
      }),
    ];
    const [first, second] = placeRuns(runs, RATE);
    expect(second?.source).toBe('continuous');
    expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(13_000, 6);
  });

  test('mute gap · the RTP clock wraps inside it', () => {
    const runs = [
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 2 ** 32 - 10 * RATE }),
      made({ segment: 1, atMs: 13_000, lengthMs: 7000, firstTicks: 3 * RATE }),
    ];
    const [first, second] = placeRuns(runs, RATE);
    expect(second?.source).toBe('continuous');
    expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(13_000, 6);
  });

  test('mute gap · where the RTP clock stood still, reports on both sides tell its length', () => {
    const ntp = 5_000_000;
    const runs = [
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 0, reports: [report(6 * RATE, ntp + 6000)] }),
      made({
        segment: 1,
        atMs: 13_300,
        lengthMs: 7000,
        firstTicks: 8.3 * RATE,
        delay: () => 75,
        reports: [report(10.3 * RATE, ntp + 15_300)],
      }),
    ];
    const [first, second] = placeRuns(runs, RATE);
    expect(second?.source).toBe('reports');
    expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(13_300, 6);
  });

  test('mute gap · without reports, or after the participant’s clock was set, receive times decide', () => {
    const segments = (reports: ReportSample[]) => [
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 0, reports: [report(6 * RATE, 6000)] }),
      made({ segment: 1, ssrc: 2, atMs: 13_300, lengthMs: 7000, firstTicks: 99, reports }),
    ];
    for (const reports of [[], [report(99, 120_000)]]) {
      const [first, second] = placeRuns(segments(reports), RATE);
      expect(second?.source).toBe('received');
      expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(13_300, 6);
    }
  });

  test('network stall · runs that only looked like a jump are one again', () => {
    const runs = [
      made({ atMs: 0, lengthMs: 4000, firstTicks: 0 }),
      made({
        run: 1,
        continuesTicks: true,
        atMs: 4000,
        lengthMs: 4000,
        firstTicks: 4 * RATE,
        delay: (index) => Math.max(30, 2000 - index * 20),
      }),
    ];
    const [, second] = placeRuns(runs, RATE);
    expect(second?.source).toBe('continuous');
    expect(second?.startMs).toBeCloseTo(T0 + 4030, 6);
  });

  test('RTP jump of hours · becomes no longer than the server’s clock saw', () => {
    const runs = [
      made({ atMs: 0, lengthMs: 4000, firstTicks: 0 }),
      made({ run: 1, continuesTicks: true, atMs: 4000, lengthMs: 4000, firstTicks: 20 * 3600 * RATE }),
    ];
    const [first, second] = placeRuns(runs, RATE);
    expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(4000, 6);
  });

  test('a clock that runs at half its rate · the run lasts as long as it was received', () => {
    const scan = made({ atMs: 0, lengthMs: 60_000, firstTicks: 0 });
    const [run] = placeRuns([{ ...scan, endTicks: 2 * scan.endTicks }], RATE);
    expect((run?.endMs ?? 0) - (run?.startMs ?? 0)).toBeLessThan(60_100);
    expect(run === undefined ? 0 : unixMsOf(run, run.endTicks)).toBeCloseTo(run?.endMs ?? -1, 6);
  });

  test('an overlap within the uncertainty moves the later segment', () => {
    const runs = [
      made({ segment: 0, atMs: 0, lengthMs: 4000, firstTicks: 0, delay: () => 60 }),
      made({ segment: 1, ssrc: 2, atMs: 4000, lengthMs: 4000, firstTicks: 0, delay: () => 20 }),
    ];
    const [first, second] = placeRuns(runs, RATE);
    expect(second?.startMs).toBe(first?.endMs);
  });
});

describe('least delay', () => {
  test('drift · the slope of an hour with jitter comes out within 2 ppm', () => {
    const scan = made({
      atMs: 0,
      lengthMs: 3_600_000,
      firstTicks: 0,
      driftPpm: 100,
      delay: (index) => 20 + ((index * 7919) % 97),
    });
    const line = leastDelay(scan.delays);
    expect(line.slope * 1e6).toBeGreaterThan(98);
    expect(line.slope * 1e6).toBeLessThan(102);
    expect(line.delayMs).toBeGreaterThan(T0 + 19);
    expect(line.delayMs).toBeLessThan(T0 + 22);
  });

  test('a burst of late packets does not lift it', () => {
    const scan = made({
      atMs: 0,
      lengthMs: 20_000,
      firstTicks: 0,
      delay: (index) => (index > 100 && index < 400 ? 900 : 25),
    });
    expect(leastDelay(scan.delays).delayMs).toBeCloseTo(T0 + 25, 6);
  });
});

describe('placing runs · a delay that changes for good', () => {
  const stalled = (reports: ReportSample[]) => [
    made({ atMs: 0, lengthMs: 8000, firstTicks: 0, reports: [report(4 * RATE, 4000)] }),
    made({
      run: 1,
      continuesTicks: true,
      atMs: 8000,
      lengthMs: 8000,
      firstTicks: 8 * RATE,
      delay: () => 530,
      reports,
    }),
  ];

  test('reports say that the RTP clock went on: it is the network', () => {
    const [, second] = placeRuns(stalled([report(12 * RATE, 12_003)]), RATE);
    expect(second?.source).toBe('continuous');
  });

  test('reports say that it stood still: it is the sender', () => {
    const [first, second] = placeRuns(stalled([report(12 * RATE, 12_500)]), RATE);
    expect(second?.source).toBe('reports');
    expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBeCloseTo(8500, 6);
  });
});
