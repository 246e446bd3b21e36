import { describe, expect, test } from 'vitest';
import { type PlacedRun, unixMsOf } from '../../src/time/placed-run.ts';
import type { ReportSample, RunScan } from '../../src/time/run-scan.ts';
import { solveClocks } from '../../src/time/solve-clocks.ts';
import { made, RATE, T0 } from './made-run.ts';

const PACKET = 960;

/** A report that says `ntpMs` of a moment, received as packets are. */
const report = (rtpTicks: number, ntpMs: number, receivedMs: number): ReportSample => ({
  rtpTicks,
  ntpMs,
  receivedMs: T0 + receivedMs,
});

function follow(runs: readonly RunScan[], others: readonly (readonly RunScan[])[] = []) {
  const tracks = [runs, ...others].map((of) => ({
    session: 's',
    clockRate: RATE,
    runsOfSegments: of.map((run) => [run]),
  }));
  const solved = solveClocks(tracks)[0];
  if (solved === undefined) throw new Error('nothing was solved');
  return solved;
}

/** Where packet `index` of a run lies, ms after T0. */
const placeOf = (run: PlacedRun | undefined, ticks: number): number =>
  run === undefined ? Number.NaN : unixMsOf(run, ticks) - T0;

const apartMs = ([first, second]: readonly PlacedRun[]): number =>
  (second?.startMs ?? Number.NaN) - (first?.startMs ?? 0);

describe('a run', () => {
  test('lies where its least delayed packets put it, not its first', () => {
    const late = made({
      atMs: 500,
      lengthMs: 4000,
      firstTicks: 7,
      delay: (index) => (index < 20 ? 400 : 30),
    });
    expect(placeOf(follow([late]).runs[0], 7)).toBeCloseTo(530, 3);
  });

  test('of a clock that drifts follows the server’s to the end', () => {
    const hour = made({
      atMs: 0,
      lengthMs: 3_600_000,
      firstTicks: 0,
      driftPpm: 100,
      delay: (index) => 20 + ((index * 7919) % 97),
    });
    const { runs, clock } = follow([hour]);
    for (const index of [0, 90_000, 179_999])
      expect(Math.abs(placeOf(runs[0], index * PACKET) - index * 20 * 1.0001 - 21)).toBeLessThan(4);
    expect(clock.driftPpm).toBeGreaterThan(-102);
    expect(clock.driftPpm).toBeLessThan(-98);
  });

  test.each([3000, -3000, 10_000])('of a clock that is %d ppm off is followed, too', (driftPpm) => {
    const long = made({
      atMs: 0,
      lengthMs: 600_000,
      firstTicks: 0,
      driftPpm,
      delay: (index) => 20 + (index % 7),
    });
    const { runs } = follow([long]);
    for (const index of [0, 15_000, 29_999])
      expect(
        Math.abs(placeOf(runs[0], index * PACKET) - index * 20 * (1 + driftPpm / 1e6) - 20),
      ).toBeLessThan(6);
  });

  test('is not lifted by a burst of late packets', () => {
    const burst = made({
      atMs: 0,
      lengthMs: 20_000,
      firstTicks: 0,
      delay: (index) => (index > 100 && index < 400 ? 900 : 25),
    });
    const { runs } = follow([burst]);
    for (const index of [0, 200, 999])
      expect(placeOf(runs[0], index * PACKET)).toBeCloseTo(index * 20 + 25, 0);
  });

  test.each([1500, 2500, 5000])(
    'behind a network that froze for %d ms goes on as if nothing had been',
    (ms) => {
      const frozen = made({
        atMs: 0,
        lengthMs: 30_000,
        firstTicks: 0,
        delay: (index) => Math.max(30, index < 500 ? 0 : ms - (index - 500) * 20),
      });
      const { runs } = follow([frozen]);
      for (const index of [0, 499, 500, 600, 1499])
        expect(placeOf(runs[0], index * PACKET)).toBeCloseTo(index * 20 + 30, 0);
      expect(runs[0]?.clock.every(({ goesOn }, at) => at === 0 || goesOn)).toBe(true);
    },
  );

  test.each([160, 500])(
    'whose microphone stalled for %d ms twelve times is that much later behind each',
    (ms) => {
      const stalls = (index: number) => Math.floor(Math.max(0, index - 250) / 700);
      const stalled = made({
        atMs: 0,
        lengthMs: 180_000,
        firstTicks: 0,
        delay: (index) => 30 + stalls(index) * ms + ((index * 31) % 9),
      });
      const { runs } = follow([stalled]);
      for (const index of [0, 949, 950, 5000, 8999])
        expect(
          Math.abs(placeOf(runs[0], index * PACKET) - index * 20 - 30 - stalls(index) * ms),
        ).toBeLessThan(12);
      expect(runs[0]?.clock.filter(({ goesOn }) => !goesOn)).toHaveLength(1 + stalls(8999));
    },
  );

  test('whose ticks jump by hours becomes no longer than the server’s clock saw', () => {
    const jumped = [
      made({ atMs: 0, lengthMs: 4000, firstTicks: 0 }),
      { ...made({ atMs: 4000, lengthMs: 4000, firstTicks: 20 * 3600 * RATE }), run: 1, continuesTicks: true },
    ];
    const tracks = [{ session: 's', clockRate: RATE, runsOfSegments: [jumped] }];
    expect(apartMs(solveClocks(tracks)[0]?.runs ?? [])).toBeCloseTo(4000, 3);
  });
});

describe('a mute', () => {
  const first = made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 1000 });

  test('through which the RTP clock went on has the length that it says, to the sample', () => {
    const second = made({
      segment: 1,
      atMs: 13_000,
      lengthMs: 7000,
      firstTicks: 1000 + 13 * RATE,
      delay: (index) => 60 + (index % 7),
    });
    const { runs } = follow([first, second]);
    expect(runs[1]?.source).toBe('continuous');
    expect(apartMs(runs)).toBeCloseTo(13_000, 0);
  });

  test('within which the RTP clock wraps', () => {
    const { runs } = follow([
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 2 ** 32 - 10 * RATE }),
      made({ segment: 1, atMs: 13_000, lengthMs: 7000, firstTicks: 3 * RATE }),
    ]);
    expect(runs[1]?.source).toBe('continuous');
    expect(apartMs(runs)).toBeCloseTo(13_000, 3);
  });

  test('in which it stood has the length that reports on both sides tell', () => {
    const ntp = 5_000_000;
    const reports = (ticks: number, at: number) =>
      [0, 1, 2].map((n) => report(ticks + n * RATE, ntp + at + n * 1000, at + n * 1000 + 30));
    const { runs } = follow([
      made({ segment: 0, atMs: 0, lengthMs: 8000, firstTicks: 0, reports: reports(4 * RATE, 4000) }),
      made({
        segment: 1,
        atMs: 13_300,
        lengthMs: 7000,
        firstTicks: 8.3 * RATE,
        delay: () => 75,
        reports: reports(10.3 * RATE, 15_300),
      }),
    ]);
    expect(runs[1]?.source).toBe('reports');
    expect(apartMs(runs)).toBeCloseTo(13_300, 0);
  });

  test('in one run, of 2 s during which it stood, is 2 s long though one packet comes 8 ms sooner', () => {
    const muted = made({
      atMs: 0,
      lengthMs: 18_000,
      firstTicks: 0,
      delay: (index) => (index < 400 ? 30 : 2030) - (index === 420 ? 8 : 0),
    });
    const { runs } = follow([muted]);
    expect(placeOf(runs[0], 399 * PACKET)).toBeCloseTo(399 * 20 + 30, 0);
    expect(Math.abs(placeOf(runs[0], 400 * PACKET) - 400 * 20 - 2026)).toBeLessThan(5);
  });

  test('without reports, or with a participant’s clock that was set, has the length of receive times', () => {
    const second = (reports: ReportSample[]) =>
      made({ segment: 1, ssrc: 2, atMs: 13_300, lengthMs: 7000, firstTicks: 99, reports });
    for (const reports of [[], [report(99, 120_000, 13_330)]]) {
      const before = made({
        segment: 0,
        atMs: 0,
        lengthMs: 8000,
        firstTicks: 0,
        reports: [report(6 * RATE, 6000, 6030)],
      });
      expect(apartMs(follow([before, second(reports)]).runs)).toBeCloseTo(13_300, 0);
    }
  });
});

describe('a delay that changes for good', () => {
  const changed = (reports: ReportSample[]) =>
    made({
      atMs: 0,
      lengthMs: 16_000,
      firstTicks: 0,
      delay: (index) => (index < 400 ? 30 : 530),
      reports: [...[2, 4, 6].map((s) => report(s * RATE, s * 1000, s * 1000 + 30)), ...reports],
    });

  test('where reports say that the RTP clock went on, is the network’s', () => {
    const { runs } = follow([
      changed([9, 11, 13].map((s) => report(s * RATE, s * 1000 + 3, s * 1000 + 530))),
    ]);
    expect(placeOf(runs[0], 700 * PACKET)).toBeCloseTo(700 * 20 + 30, -1);
  });

  test('where reports say that it stood, is the sender’s', () => {
    const { runs } = follow([
      changed([9, 11, 13].map((s) => report(s * RATE, s * 1000 + 500, s * 1000 + 530))),
    ]);
    expect(placeOf(runs[0], 399 * PACKET)).toBeCloseTo(399 * 20 + 30, 0);
    expect(placeOf(runs[0], 400 * PACKET)).toBeCloseTo(400 * 20 + 530, 0);
  });
});
