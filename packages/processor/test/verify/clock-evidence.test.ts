import { describe, expect, test } from 'vitest';
import { beforeReceived } from '../../src/verify/clock-evidence/before-received.ts';
import { apart } from '../../src/verify/clock-evidence/lip-sync.ts';
import { misplaced } from '../../src/verify/clock-evidence/misplaced.ts';
import { timeMismatches } from '../../src/verify/clock-evidence/time-mismatches.ts';
import { type Testimony, TimeWitness } from '../../src/verify/clock-evidence/time-witness.ts';

const BOUND_MS = 40;
const CLOCK_MS = Date.UTC(2026, 2, 1);

interface Happening {
  /** By how much the file has what was captured at a moment too late. */
  readonly late?: (atMs: number) => number;
  /** The participant's clock less a true one. */
  readonly clock?: (atMs: number) => number;
  /** What the network adds to its least delay. */
  readonly network?: (atMs: number) => number;
  readonly lengthMs?: number;
  readonly reportsEveryMs?: number;
  readonly hasReports?: boolean;
}

/** What packets of 20 ms and their reports say, whatever happens to them. */
function told({
  late = () => 0,
  clock = () => 0,
  network = () => 0,
  lengthMs = 120_000,
  reportsEveryMs = 5000,
  hasReports = true,
}: Happening): Testimony {
  const witness = new TimeWitness(48_000);
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed / 0x7fff_ffff;
  };
  for (let atMs = 0; atMs < lengthMs; atMs += 20) {
    const place = { segment: 0, run: 0, rtpTicks: atMs * 48 };
    if (hasReports && atMs >= 1000 && (atMs - 1000) % reportsEveryMs === 0) {
      const ntpMs = CLOCK_MS + atMs + clock(atMs) + random() - 0.5;
      witness.hear({ ...place, ntpMs, receivedMs: atMs + 30 + network(atMs) });
    }
    const receivedMs = atMs + 50 + network(atMs) + 10 * random();
    witness.see({ ...place, receivedMs, heldMs: 20 }, atMs + late(atMs));
  }
  return witness.testimony;
}

const from =
  (fromMs: number, byMs: number, toMs = Number.POSITIVE_INFINITY) =>
  (atMs: number): number =>
    atMs >= fromMs && atMs < toMs ? byMs : 0;

const queue = (atMs: number): number => Math.max(0, 900 - Math.abs(atMs - 60_000) / 20);

describe('a track lies elsewhere than its reports and receive times say', () => {
  const elsewhere: readonly [string, Happening, number][] = [
    ['a clock that stood, and was not followed', { late: from(50_000, -160) }, 160],
    ['a gap that is none', { late: from(50_000, 1800) }, 1800],
    ['for a while', { late: from(50_000, -300, 80_000) }, 300],
    ['a rate that was not followed', { late: (atMs) => atMs * 0.003 }, 330],
    ['while a queue grows and drains', { late: from(55_000, -500), network: queue }, 500],
    [
      'whose participant’s clock drifts and is set',
      { late: from(50_000, -160), clock: (atMs) => atMs * 2e-4 + from(90_000, 7000)(atMs) },
      160,
    ],
    ['on a route that changes', { late: from(50_000, -160), network: from(90_000, 60) }, 160],
  ];
  for (const [name, happening, byMs] of elsewhere)
    test(`${name} · is named`, () => {
      const found = misplaced(told(happening), BOUND_MS);
      const worst = Math.max(...found.map((one) => Math.abs(one.byMs)));
      expect(worst).toBeGreaterThan(byMs - 30);
      expect(worst).toBeLessThan(byMs + 60);
    });

  const right: readonly [string, Happening][] = [
    ['nothing happens', {}],
    ['the participant’s clock is set', { clock: from(50_000, -3000) }],
    ['it drifts', { clock: (atMs) => atMs * 2e-4 }],
    ['it drifts for a day', { clock: (atMs) => atMs * 1e-4, lengthMs: 86_400_000, reportsEveryMs: 10_000 }],
    ['another route', { network: from(50_000, 80) }],
    ['the server’s clock is set', { network: from(50_000, -2000) }],
    [
      'the participant’s clock is set, and the route changes',
      { clock: from(50_000, 200), network: from(90_000, 200) },
    ],
    ['a queue', { network: queue }],
    ['a wrong report', { clock: from(56_000, 2000, 57_000) }],
    ['a wrong report while a queue grows', { clock: from(51_000, 700, 52_000), network: queue }],
  ];
  for (const [name, happening] of right)
    test(`${name} · nothing is named`, () => {
      const testimony = told(happening);
      expect(testimony.reports.length).toBeGreaterThan(10);
      expect(misplaced(testimony, BOUND_MS)).toEqual([]);
    });

  test('it says from when to when, and which way', () => {
    const [one, ...more] = misplaced(told({ late: from(60_000, -160, 100_000) }), BOUND_MS);
    expect(more).toEqual([]);
    // Of the report at 61 s the least delay of the seconds before is not yet it.
    expect(one?.fromMs).toBeCloseTo(66_000 - 160, -1);
    expect(one?.toMs).toBeCloseTo(96_000 - 160, -1);
    expect(one?.byMs).toBeCloseTo(-160, -1);
  });

  test('four reports are too few', () => {
    expect(misplaced(told({ late: from(9000, -500), lengthMs: 20_000 }), BOUND_MS)).toEqual([]);
  });
});

describe('two tracks of a session', () => {
  const set = from(70_000, 5000);

  test('whose participant’s clock is set and drifts are told by it both · nothing is named', () => {
    const clock = (atMs: number) => atMs * 2e-4 + set(atMs);
    const camera = told({ clock, reportsEveryMs: 1100, network: () => 30 });
    expect(apart(told({ clock }), camera, BOUND_MS)).toEqual([]);
  });

  test('the one late from its first frame to its last · is named', () => {
    const camera = told({ late: () => 150, clock: set });
    const [one] = apart(told({ clock: set }), camera, BOUND_MS);
    expect(one?.byMs).toBeCloseTo(150, -1);
    expect(apart(camera, told({ clock: set }), BOUND_MS)[0]?.byMs).toBeCloseTo(-150, -1);
  });
});

describe('a track later than it was received', () => {
  test('with reports · is named where all of it is', () => {
    expect(beforeReceived(told({ late: () => 500 }), BOUND_MS)[0]?.byMs).toBeGreaterThan(400);
    expect(beforeReceived(told({ late: from(50_000, 500) }), BOUND_MS)).toEqual([]);
  });

  test('without reports · is named where a part of it is', () => {
    const testimony = told({ late: from(50_000, 500), hasReports: false });
    const [one] = beforeReceived(testimony, BOUND_MS);
    expect(one?.fromMs).toBeCloseTo(50_500, -3);
    expect(one?.byMs).toBeGreaterThan(400);
  });

  test('a network that delays less than the usual · nothing is named', () => {
    expect(beforeReceived(told({ late: () => 120 }), BOUND_MS)).toEqual([]);
  });
});

describe('which reports are heard', () => {
  /** Packets of 20 ms; a clock that stands for 3 s at 10 s while reports run ahead, as Chromium’s do. */
  const standing = (isFollowed: boolean) => {
    const witness = new TimeWitness(48_000);
    for (let index = 0; index < 2000; index++) {
      const mediaMs = index * 20;
      const atMs = mediaMs + (mediaMs >= 10_000 ? 3000 : 0);
      const place = { segment: 0, run: 0, rtpTicks: mediaMs * 48 };
      if (mediaMs % 5000 === 1000) witness.hear({ ...place, ntpMs: CLOCK_MS + atMs, receivedMs: atMs + 10 });
      if (mediaMs === 10_000)
        witness.hear({ ...place, rtpTicks: 12_000 * 48, ntpMs: CLOCK_MS + 12_000, receivedMs: 12_010 });
      witness.see({ ...place, receivedMs: atMs + 30, heldMs: 20 }, isFollowed ? atMs : mediaMs);
    }
    return witness.testimony;
  };

  test('one that was sent while the clock stood speaks of no packet', () => {
    expect(standing(true).reports.map(({ atMs }) => Math.round(atMs))).toEqual([
      1000, 6000, 14_000, 19_000, 24_000, 29_000, 34_000, 39_000,
    ]);
    expect(misplaced(standing(true), BOUND_MS)).toEqual([]);
    expect(misplaced(standing(false), BOUND_MS)[0]?.byMs).toBeCloseTo(3000, -1);
  });

  test('the same pair twice counts once; one far ahead of all frames is never reached', () => {
    const witness = new TimeWitness(48_000);
    for (let atMs = 0; atMs < 3000; atMs += 20) {
      const place = { segment: 0, run: 0, rtpTicks: atMs * 48 };
      if (atMs === 1000 || atMs === 1040)
        witness.hear({ ...place, rtpTicks: 48_000, ntpMs: CLOCK_MS + 1000, receivedMs: 1000 });
      if (atMs === 500) witness.hear({ ...place, rtpTicks: 2 ** 31, ntpMs: CLOCK_MS, receivedMs: 500 });
      witness.see({ ...place, receivedMs: atMs, heldMs: 20 }, atMs);
    }
    expect(witness.testimony.reports).toEqual([{ atMs: 1000, offMs: CLOCK_MS }]);
    expect(witness.testimony.arrivals.length).toBe(3);
  });
});

test('a mismatch says how far, which way, where, and who says so', () => {
  const of = (kind: 'audio' | 'video', happening: Happening) => ({
    kind,
    testimony: told(happening),
    uncertaintyMs: 6,
  });
  const messages = timeMismatches([
    of('video', { late: () => 200 }),
    of('audio', { late: from(60_000, -500) }),
  ]);
  expect(messages.map(({ what }) => what)).toEqual(['time', 'time', 'time']);
  expect(messages.map(({ message }) => message.replace(/\d+/g, 'n'))).toEqual([
    'video: up to n ms too late between n.n s and n.n s, as its reports and receive times say',
    'audio: up to n ms too early between n.n s and n.n s, as its reports and receive times say',
    'audio: up to n ms too early between n.n s and n.n s, as the reports of the video say',
  ]);
});
