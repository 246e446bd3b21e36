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

/** Reports of a clock that runs true, every two seconds of a stretch. */
const reportsOf = (fromS: number, toS: number, ntpMs = 0): ReportSample[] =>
  Array.from({ length: (toS - fromS) / 2 }, (_, index) => {
    const s = fromS + 1 + index * 2;
    return report(s * RATE, s * 1000 + ntpMs, s * 1000 + 50);
  });

describe('a stall that nothing follows for long', () => {
  test.each([100, 1000, 8000])('of %d ms, 400 ms before a new SSRC, is one', (ms) => {
    const { runs } = follow([
      made({
        atMs: 0,
        lengthMs: 10_400,
        firstTicks: 0,
        delay: (index) => (index < 500 ? 30 : 30 + ms) + (index % 3),
        reports: reportsOf(0, 10),
      }),
      made({ segment: 1, ssrc: 2, atMs: 10_400 + ms, lengthMs: 8000, firstTicks: 77 }),
    ]);
    expect(placeOf(runs[0], 499 * PACKET)).toBeCloseTo(499 * 20 + 30, -1);
    expect(placeOf(runs[0], 510 * PACKET)).toBeCloseTo(510 * 20 + 30 + ms, -1);
  });

  test('is none where the packets behind it come in a burst', () => {
    const { runs } = follow([
      made({
        atMs: 0,
        lengthMs: 10_400,
        firstTicks: 0,
        delay: (index) => 30 + (index < 500 ? 0 : 2000 - (index - 500) * 20),
        reports: reportsOf(0, 10),
      }),
      made({ segment: 1, ssrc: 2, atMs: 12_000, lengthMs: 8000, firstTicks: 77 }),
    ]);
    expect(placeOf(runs[0], 510 * PACKET)).toBeCloseTo(510 * 20 + 30, -1);
  });

  test('is seen where ticks jump eight packets behind it, and no packet lies before one that was sent before it', () => {
    const { runs } = follow([
      made({
        atMs: 0,
        lengthMs: 16_000,
        firstTicks: 0,
        delay: (index) => (index < 400 ? 30 : 2030),
        jump: (index) => (index < 408 ? 0 : 6 * RATE),
      }),
    ]);
    const places = Array.from({ length: 800 }, (_, index) =>
      placeOf(runs[0], index * PACKET + (index < 408 ? 0 : 6 * RATE)),
    );
    expect(places.every((ms, index) => index === 0 || ms > (places[index - 1] ?? 0))).toBe(true);
    expect(places[404]).toBeCloseTo(404 * 20 + 2030, 0);
    expect(places[408]).toBeCloseTo(408 * 20 + 2030, 0);
  });
});

test('a clock that is 0.8 % off keeps its rate up to a pause through which it runs on', () => {
  const driftPpm = 8000;
  const { runs } = follow([
    made({ segment: 0, atMs: 0, lengthMs: 40_000, firstTicks: 0, driftPpm }),
    made({ segment: 1, atMs: 50_000 * 1.008, lengthMs: 40_000, firstTicks: 50 * RATE, driftPpm }),
  ]);
  for (const index of [0, 1800, 1950, 1999])
    expect(Math.abs(placeOf(runs[0], index * PACKET) - index * 20 * 1.008 - 30)).toBeLessThan(3);
});

describe('a route that is longer for most of a call', () => {
  const reports = reportsOf(0, 60);
  const delay = (index: number) => (index < 1000 ? 30 : 100);

  test('makes nothing of the track earlier that no report speaks of', () => {
    const { runs } = follow([
      made({ atMs: 0, lengthMs: 60_000, firstTicks: 0, delay, reports }),
      made({ segment: 1, ssrc: 2, atMs: 62_000, lengthMs: 4000, firstTicks: 5, delay: () => 100 }),
    ]);
    expect(placeOf(runs[0], 2900 * PACKET)).toBeCloseTo(2900 * 20 + 30, -1);
    expect(Math.abs(placeOf(runs[1], 5) - 62_000 - 30)).toBeLessThan(12);
  });
});

describe('what is uncertain', () => {
  const call = (setMs: number, reports: (ticks: number) => ReportSample[]) => [
    made({ segment: 0, atMs: 0, lengthMs: 20_000, firstTicks: 0, reports: reportsOf(0, 20) }),
    made({
      segment: 1,
      ssrc: 2,
      atMs: 25_000,
      lengthMs: 20_000,
      firstTicks: 25 * RATE,
      reports: reports(setMs),
    }),
  ];

  test('is little where reports agree', () => {
    const { clock } = follow(call(0, (ms) => reportsOf(25, 45, ms)));
    expect(clock.uncertaintyMs).toBeLessThan(15);
  });

  test('is a step of which nothing says whether the clock was set or the network changed', () => {
    const { clock } = follow(call(900, (ms) => reportsOf(25, 45, ms)));
    expect(clock.uncertaintyMs).toBeGreaterThan(900);
  });

  test('is not where another track’s clock ran through it: the participant’s clock was set', () => {
    const other = made({
      atMs: 0,
      lengthMs: 45_000,
      firstTicks: 0,
      reports: [...reportsOf(0, 22), ...reportsOf(24, 44, 900)],
    });
    const { runs, clock } = follow(
      call(900, (ms) => reportsOf(25, 45, ms)),
      [[other]],
    );
    expect(clock.uncertaintyMs).toBeLessThan(15);
    expect(Math.abs(apartMs(runs) - 25_000)).toBeLessThan(5);
  });

  test('is a stall that could as well be a route, where the call ends', () => {
    const stalledAtMs = (atMs: number) =>
      follow([
        made({
          atMs: 0,
          lengthMs: 20_000,
          firstTicks: 0,
          delay: (index) => (index * 20 < atMs ? 30 : 100) + ((index * 7) % 13),
          reports: reportsOf(0, 18),
        }),
      ]).clock.uncertaintyMs;
    expect(stalledAtMs(30_000)).toBeLessThan(15);
    expect(stalledAtMs(19_600)).toBeGreaterThan(70);
  });
});

test('one report that ran ahead as a stall began sets no clock', () => {
  const delay = (index: number) => (index < 3000 ? 32 : 30 + 300);
  const late = (each: ReportSample) => ({ ...each, ntpMs: each.ntpMs + 300 });
  const { runs } = follow([
    made({
      atMs: 0,
      lengthMs: 140_000,
      firstTicks: 0,
      delay,
      reports: [...reportsOf(0, 60), report(60 * RATE, 60_036, 60_040), ...reportsOf(60, 138).map(late)],
    }),
  ]);
  for (const index of [0, 1500, 2900, 3100, 6900])
    expect(Math.abs(placeOf(runs[0], index * PACKET) - index * 20 - delay(index))).toBeLessThan(6);
});

test('reports of the first seconds that are off by 2 ms say nothing of the slope of an hour', () => {
  const reports = Array.from({ length: 6 }, (_, index) => {
    const ms = 1000 + index * 2000;
    return report(ms * 48, 5_000_000 + ms + (index < 3 ? 2 : -2), ms + 30);
  });
  const { runs } = follow([made({ atMs: 0, lengthMs: 3_600_000, firstTicks: 0, reports })]);
  expect(Math.abs(placeOf(runs[0], 179_000 * PACKET) - 179_000 * 20 - 30)).toBeLessThan(5);
});
