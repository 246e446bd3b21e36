import { describe, expect, test } from 'vitest';
import { unixMsOf } from '../../src/time/placed-run.ts';
import type { ReportSample } from '../../src/time/run-scan.ts';
import { type ScannedTrack, solveClocks } from '../../src/time/solve-clocks.ts';
import { type Made, made, RATE, T0 } from './made-run.ts';

const MINUTE = 60_000;

interface Stream extends Omit<Made, 'reports' | 'firstTicks'> {
  session?: string;
  firstTicks?: number;
  /** The participant's clock at a moment of the call, ms; reports say it. Absent: no reports. */
  clock?: (callMs: number) => number;
  reportEveryMs?: number;
  /** Of the first report, from the run's beginning; negative: before it. */
  firstReportMs?: number;
  reportsFrom?: 'dump' | 'metadata';
  /** What report n adds to its NTP time. */
  grain?: (index: number) => number;
}

/** A run with the reports that its participant sends; `atMs` and `lengthMs` are call time. */
function stream({
  clock,
  reportEveryMs = 5000,
  firstReportMs = 2000,
  firstTicks = 1_000_000,
  grain = () => 0,
  reportsFrom = 'dump',
  ...run
}: Stream) {
  const ticksPerMs = (RATE / 1000) * (1 + (run.driftPpm ?? 0) / 1e6);
  const reports: ReportSample[] = [];
  for (let ms = firstReportMs; clock !== undefined && ms < run.lengthMs; ms += reportEveryMs) {
    const rtpTicks = firstTicks + Math.round(ms * ticksPerMs);
    const receivedMs = T0 + run.atMs + ms + (run.delay?.(0) ?? 30);
    const ntpMs = clock(run.atMs + ms) + grain(reports.length);
    reports.push({ rtpTicks, ntpMs, receivedMs: reportsFrom === 'metadata' ? undefined : receivedMs });
  }
  // The builder's packets last 20 ms of media time: a fast clock's take less of the call's.
  const driftPpm = run.driftPpm === undefined ? 0 : (1e6 / (1e6 + run.driftPpm) - 1) * 1e6;
  return { ...made({ ...run, driftPpm, firstTicks, reports }), reportsFrom };
}

const track = (session: string, ...runs: ReturnType<typeof stream>[]): ScannedTrack => ({
  session,
  clockRate: RATE,
  runsOfSegments: runs.map((run) => [run]),
});

/** Where the solve puts the moment that was captured at `callMs`, ms after T0. */
function placeOf(tracks: ScannedTrack[], index: number, callMs: number, run = 0): number {
  const scan = tracks[index]?.runsOfSegments[run]?.[0];
  const solved = solveClocks(tracks)[index]?.runs[run];
  if (scan === undefined || solved === undefined) throw new Error('no such run');
  const ppm = PPM.get(scan) ?? 0;
  const capturedAt = CAPTURED.get(scan) ?? 0;
  return unixMsOf(solved, scan.firstTicks + (callMs - capturedAt) * (RATE / 1000) * (1 + ppm / 1e6)) - T0;
}

const PPM = new WeakMap<object, number>();
const CAPTURED = new WeakMap<object, number>();

function known(spec: Stream) {
  const run = stream(spec);
  PPM.set(run, spec.driftPpm ?? 0);
  CAPTURED.set(run, spec.atMs);
  return run;
}

const audio: Stream = { atMs: 300, lengthMs: 10 * MINUTE, delay: () => 30 };
const video: Stream = { atMs: 700, lengthMs: 10 * MINUTE, delay: () => 90, reportEveryMs: 1000 };

describe('tracks of one session', () => {
  const clocks: [string, (callMs: number) => number][] = [
    ['is right', (ms) => T0 + ms],
    ['is two minutes wrong', (ms) => T0 + 120_000 + ms],
    ['counts from boot', (ms) => 345_678_000 + ms],
    ['is set by 4 s in the middle of the call', (ms) => T0 + ms + (ms > 5.5 * MINUTE ? 4000 : 0)],
    [
      'is set back by 300 ms, twice',
      (ms) => T0 + ms - (ms > 3 * MINUTE ? 300 : 0) - (ms > 6 * MINUTE ? 300 : 0),
    ],
    ['drifts by 50 ppm', (ms) => T0 + ms * (1 + 50e-6)],
  ];
  test.each(clocks)('are related by their reports where the participant’s clock %s', (_, clock) => {
    const tracks = [track('s', known({ ...audio, clock })), track('s', known({ ...video, clock }))];
    for (const callMs of [1000, 5 * MINUTE, 9.9 * MINUTE]) {
      const [sound, picture] = [placeOf(tracks, 0, callMs), placeOf(tracks, 1, callMs)];
      expect(Math.abs(sound - callMs - 30)).toBeLessThan(1);
      expect(Math.abs(sound - picture)).toBeLessThan(1);
    }
  });

  test.each([200, -200, 500])(
    'media clocks that drift by %d ppm stay together and with the server',
    (ppm) => {
      const clock = (ms: number) => T0 + 7000 + ms;
      const grain = (index: number) => ((index * 37) % 11) - 5;
      const tracks = [
        track('s', known({ ...audio, driftPpm: ppm, clock, grain })),
        track('s', known({ ...video, clock, grain })),
      ];
      for (const callMs of [1000, 5 * MINUTE, 9.9 * MINUTE]) {
        const [sound, picture] = [placeOf(tracks, 0, callMs), placeOf(tracks, 1, callMs)];
        expect(Math.abs(sound - picture)).toBeLessThan(3);
        expect(Math.abs(sound - callMs - 30)).toBeLessThan(5);
      }
      expect(Math.abs((solveClocks(tracks)[0]?.clock.driftPpm ?? 0) - ppm)).toBeLessThan(8);
    },
  );

  test('one report before the first packet, or a first one late, is enough', () => {
    const clock = (ms: number) => T0 + 120_000 + ms;
    for (const firstReportMs of [-400, 7000]) {
      const short = { lengthMs: 9000, reportEveryMs: 60_000, firstReportMs, clock };
      const tracks = [track('s', known({ ...audio, ...short })), track('s', known({ ...video, ...short }))];
      expect(placeOf(tracks, 1, 5000) - placeOf(tracks, 0, 5000)).toBeCloseTo(0, 1);
    }
  });

  test('a report that is off by itself changes nothing', () => {
    const clock = (ms: number) => T0 + ms;
    const grain = (index: number) => (index % 9 === 4 ? 2500 : 0);
    const tracks = [track('s', known({ ...audio, clock, grain })), track('s', known({ ...video, clock }))];
    expect(placeOf(tracks, 1, MINUTE) - placeOf(tracks, 0, MINUTE)).toBeCloseTo(0, 0);
  });

  test('without reports receive times place each track, and the statement says so', () => {
    const tracks = [track('s', known(audio)), track('s', known(video))];
    expect(placeOf(tracks, 0, 1000)).toBeCloseTo(1030, 1);
    expect(placeOf(tracks, 1, 1000)).toBeCloseTo(1090, 1);
    expect(solveClocks(tracks)[0]?.clock).toMatchObject({ source: 'received', reports: 0 });
  });

  test('what has no report after a mute is placed by receive times, less what is usual for its track', () => {
    const clock = (ms: number) => T0 + ms;
    const later = { ...video, segment: 1, ssrc: 2, atMs: 11 * MINUTE, lengthMs: 4000 };
    const tracks = [
      track('s', known({ ...audio, clock })),
      track('s', known({ ...video, clock }), known(later)),
    ];
    expect(placeOf(tracks, 1, 11 * MINUTE + 1000, 1)).toBeCloseTo(11 * MINUTE + 1030, 1);
  });

  test('reports of the metadata do where the dump has none', () => {
    const clock = (ms: number) => T0 + 120_000 + ms;
    const named = { clock, reportEveryMs: 8 * MINUTE, reportsFrom: 'metadata' } as const;
    const tracks = [track('s', known({ ...audio, ...named })), track('s', known({ ...video, ...named }))];
    expect(placeOf(tracks, 1, MINUTE) - placeOf(tracks, 0, MINUTE)).toBeCloseTo(0, 1);
    expect(solveClocks(tracks)[0]?.clock).toMatchObject({ source: 'metadata', reports: 2 });
  });

  test('reports that contradict the receive times by seconds are not believed', () => {
    const tracks = [
      track('s', known({ ...audio, clock: (ms) => T0 + ms })),
      track('s', known({ ...video, clock: (ms) => T0 + ms - 5000 })),
    ];
    expect(Math.abs(placeOf(tracks, 0, 1000) - 1000)).toBeLessThan(100);
    expect(Math.abs(placeOf(tracks, 1, 1000) - 1000)).toBeLessThan(100);
  });

  test('ticks that wrap between the first packet and the first report', () => {
    const clock = (ms: number) => T0 + ms;
    const tracks = [
      track('s', known({ ...audio, clock, firstTicks: 2 ** 32 - 1000 })),
      track('s', known({ ...video, clock, firstTicks: 2 ** 32 - 48_000 })),
    ];
    expect(placeOf(tracks, 1, 5000) - placeOf(tracks, 0, 5000)).toBeCloseTo(0, 1);
  });
});

test('participants meet on the server’s clock, whatever their own clocks say', () => {
  const tracks = [
    track('a', known({ ...audio, clock: (ms) => T0 + 120_000 + ms })),
    track('b', known({ ...audio, atMs: 5000, clock: (ms) => 99_000 + ms, delay: () => 45 })),
    track('c', known({ ...audio, atMs: 8000 })),
  ];
  const places = [0, 1, 2].map((index) => placeOf(tracks, index, MINUTE));
  for (const place of places) expect(Math.abs(place - MINUTE)).toBeLessThanOrEqual(46);
});

describe('a participant’s clock that is within a network’s delay of the server’s', () => {
  const others = ['a', 'b'].map((session) => track(session, known({ ...audio, clock: (ms) => T0 + ms })));
  const lateMs = (clock: (callMs: number) => number, delayMs: number) =>
    placeOf([track('s', known({ ...audio, clock, delay: () => delayMs })), ...others], 0, MINUTE) - MINUTE;

  test('is believed by half: so much later than the others’ are its packets', () => {
    expect(lateMs((ms) => T0 + ms, 110)).toBeCloseTo(70, 0);
  });

  test.each([200, -200])('but drifts by %d ppm is not believed: it is right for a moment at most', (ppm) => {
    expect(lateMs((ms) => T0 - 120 + ms * (1 + ppm * 1e-6), 30)).toBeCloseTo(30, 0);
  });
});
