import { describe, expect, test } from 'vitest';
import { type CallClass, CLASSES } from '../src/classes.ts';
import { callOf } from '../src/run-call.ts';
import type { Packet, Report, Segment } from '../src/simulate/call.ts';
import { participantMs } from '../src/simulate/clocks.ts';
import type { CallPlan, PersonPlan, TrackPlan } from '../src/simulate/plan.ts';

const SEEDS = [1, 2];

const classOf = (name: string): CallClass => {
  const found = CLASSES.find((of) => of.name === name);
  if (found === undefined) throw new Error(`no class ${name}`);
  return found;
};

interface Simulated {
  readonly plan: CallPlan;
  readonly person: PersonPlan;
  readonly track: TrackPlan;
  readonly startUnixMs: number;
  readonly serverMs: (atMs: number) => number;
  readonly segment: Segment;
}

const segmentsOf = (of: CallClass, seeds = SEEDS): Simulated[] =>
  seeds.flatMap((seed) => {
    const { plan, call } = callOf(of, seed);
    const { startUnixMs, serverMs } = call;
    return call.people.flatMap(({ tracks }, who) =>
      tracks.flatMap(({ segments }, which) => {
        const person = plan.people[who] as PersonPlan;
        const track = person.tracks[which] as TrackPlan;
        return segments.map((segment) => ({ plan, person, track, startUnixMs, serverMs, segment }));
      }),
    );
  });

const neighbours = ({ packets }: Segment): [Packet, Packet][] =>
  packets.slice(1).map((packet, index) => [packets[index] as Packet, packet]);

/** How many hold; expecting each of thousands of packets by itself takes longer than simulating them. */
const failing = <T>(all: readonly T[], holds: (one: T) => boolean): T[] => all.filter((one) => !holds(one));

describe.each(CLASSES.map((of) => [of.name, of] as const))('%s', (_, of) => {
  const simulated = segmentsOf(of);

  test('what is sent later was captured no earlier, and sound never overlaps', () => {
    for (const { segment, track } of simulated) {
      const leastMs = track.kind === 'audio' ? 19.7 : 0;
      expect(failing(neighbours(segment), ([a, b]) => b.capturedMs - a.capturedMs >= leastMs)).toEqual([]);
    }
  });

  test('nothing leaves before all of it was captured, nor arrives before it could', () => {
    for (const { segment, person, track } of simulated) {
      const { baseMs, routes } = person.network;
      const leastMs = baseMs + Math.min(0, ...routes.map(({ byMs }) => byMs));
      expect(
        failing(
          segment.packets,
          ({ capturedMs, durationMs, sentMs, arrivedMs }) =>
            sentMs >= capturedMs + durationMs * 0.985 + track.encodeMs &&
            arrivedMs >= sentMs + leastMs - 1e-6,
        ),
      ).toEqual([]);
    }
  });

  test('the server’s clock is true until it is set', () => {
    for (const { segment, plan, startUnixMs, serverMs } of simulated) {
      const steps = plan.serverSteps;
      const isSet = (atMs: number) => steps.some((step) => step.atMs <= atMs);
      expect(
        failing(
          segment.packets,
          ({ arrivedMs }) => (serverMs(arrivedMs) === startUnixMs + arrivedMs) === !isSet(arrivedMs),
        ),
      ).toEqual([]);
    }
  });

  test('a report says the participant’s time, off by no more than its noise unless it is meant to be wrong', () => {
    for (const { segment, person, startUnixMs } of simulated) {
      const { noiseMs, wrongShare } = person.reports;
      const isExact = ({ ntpMs, sentMs, offByMs }: Report) =>
        Math.abs(ntpMs - offByMs - participantMs(person.clock, startUnixMs, sentMs)) < 1e-3;
      expect(failing(segment.reports, isExact)).toEqual([]);
      const isOff = ({ offByMs }: Report) => Math.abs(offByMs) > noiseMs;
      const off = segment.reports.filter(isOff);
      expect(failing(off, ({ offByMs }) => Math.abs(offByMs) > 490)).toEqual([]);
      if (wrongShare === 0) expect(off).toEqual([]);
    }
  });

  test('a report says where the ticks were, except while they stood still', () => {
    for (const { segment, track } of simulated) {
      const isStill = (atMs: number) =>
        track.changes.some(
          (change) =>
            change.kind === 'stall' &&
            atMs >= change.atMs - 50 &&
            atMs <= change.atMs + change.lengthMs + 900,
        );
      const perMs = track.kind === 'audio' ? 48 : 90;
      const isRight = ({ ssrc, sentMs, timestamp }: Report) => {
        const before = segment.packets.findLast(
          (packet) => packet.ssrc === ssrc && packet.capturedMs <= sentMs && packet.sentMs <= sentMs,
        );
        if (before === undefined || isStill(sentMs) || isStill(before.capturedMs)) return true;
        if (track.changes.some(({ atMs }) => atMs >= before.capturedMs - 1000 && atMs <= sentMs)) return true;
        const agoMs = sentMs - before.capturedMs;
        return Math.abs(((timestamp - before.timestamp) | 0) / perMs - agoMs) <= 0.05 + 0.015 * agoMs;
      };
      expect(failing(segment.reports, isRight)).toEqual([]);
    }
  });
});

describe('what a class is named for happens in it', () => {
  const stalledMs = ([a, b]: [Packet, Packet], perMs: number) =>
    b.capturedMs - a.capturedMs - ((b.timestamp - a.timestamp) | 0) / perMs;
  const largestStallMs = (name: string) =>
    Math.max(
      ...segmentsOf(classOf(name)).flatMap(({ segment, track }) =>
        neighbours(segment).map((pair) => stalledMs(pair, track.kind === 'audio' ? 48 : 90)),
      ),
    );

  test('clean · ticks and time never part', () => expect(largestStallMs('clean')).toBeLessThan(0.1));

  test('stalls · ticks stand still for as long as planned', () => {
    const short = largestStallMs('stalls 60-250 ms');
    expect(short).toBeGreaterThan(60);
    expect(short).toBeLessThan(251);
    expect(largestStallMs('stalls to 10 s')).toBeGreaterThan(500);
  });

  test('running mutes · ticks never part from time, packets do', () => {
    const segments = segmentsOf(classOf('running mutes'));
    const gaps = segments.flatMap(({ segment }) =>
      neighbours(segment).map(([a, b]) => b.capturedMs - a.capturedMs),
    );
    expect(Math.max(...gaps)).toBeGreaterThan(500);
    expect(largestStallMs('running mutes')).toBeLessThan(0.2);
  });

  test('rate up to 1 % · ticks gain or lose as much', () => {
    for (const { segment, track } of segmentsOf(classOf('rate up to 1 %'))) {
      const [first, last] = [segment.packets[0] as Packet, segment.packets.at(-1) as Packet];
      const ticks = ((last.timestamp - first.timestamp) | 0) / (track.kind === 'audio' ? 48 : 90);
      const ppm = (ticks / (last.capturedMs - first.capturedMs) - 1) * 1e6;
      expect(Math.abs(ppm - track.rate.ppm)).toBeLessThan(20);
    }
  });

  test('wraps · timestamps and numbers start over', () => {
    for (const { segment } of segmentsOf(classOf('wraps'))) {
      const pairs = neighbours(segment);
      expect(pairs.some(([a, b]) => b.timestamp < a.timestamp)).toBe(true);
      expect(pairs.some(([a, b]) => b.sequence < a.sequence)).toBe(true);
    }
  });

  test('freezes · nothing arrives in them, all of it behind them', () => {
    for (const { segment, person } of segmentsOf(classOf('freezes'))) {
      for (const { fromMs, toMs } of person.network.freezes) {
        expect(segment.packets.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs)).toEqual(
          [],
        );
        expect(segment.packets.some(({ sentMs }) => sentMs >= fromMs && sentMs < toMs)).toBe(true);
      }
    }
  });

  test('reordering · some packets arrive behind later ones, and none a second late', () => {
    const pairs = segmentsOf(classOf('reordering')).flatMap(({ segment }) => neighbours(segment));
    expect(pairs.some(([a, b]) => a.arrivedMs > b.arrivedMs)).toBe(true);
    expect(Math.max(...pairs.map(([a, b]) => a.arrivedMs - b.arrivedMs))).toBeLessThan(1000);
  });

  test('new SSRC, resets · no number comes twice under one SSRC', () => {
    for (const { segment } of segmentsOf(classOf('new SSRC, resets'))) {
      const names = new Set(segment.packets.map(({ ssrc, sequence }) => `${ssrc} ${sequence}`));
      expect(names.size).toBe(segment.packets.length);
    }
  });

  test('no reports · there is none', () => {
    expect(segmentsOf(classOf('no reports')).flatMap(({ segment }) => segment.reports)).toEqual([]);
  });
});

test('the same seed makes the same call, another one another', () => {
  const of = classOf('all mixed');
  const people = (seed: number) => callOf(of, seed).call.people;
  const first = JSON.stringify(people(1));
  expect(JSON.stringify(people(1)) === first).toBe(true);
  expect(JSON.stringify(people(2)) === first).toBe(false);
});
