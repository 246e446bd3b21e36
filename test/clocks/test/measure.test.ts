import { describe, expect, test } from 'vitest';
import { type CallClass, CLASSES } from '../src/classes.ts';
import { run } from '../src/cli.ts';
import { betweenPeople, type SessionError, sessionErrors } from '../src/measure.ts';
import type { PlacedTrack } from '../src/place/place-call.ts';
import { placeCall, scanCall } from '../src/place/place-call.ts';
import { callOf } from '../src/run-call.ts';
import type { Call, Packet, Track } from '../src/simulate/call.ts';
import { misses, Tally } from '../src/tally.ts';

const CLEAN = CLASSES[0] as CallClass;

/** Every packet where it was captured, moved as told. */
const placedBy = (
  { people, startUnixMs }: Call,
  moved: (packet: Packet, track: Track, person: number) => number = () => 0,
  uncertaintyMs = 5,
): PlacedTrack[][] =>
  people.map(({ tracks }, person) =>
    tracks.map((track) => ({
      uncertaintyMs,
      unixMs: track.segments.map(({ packets }) =>
        Float64Array.from(
          packets,
          (packet) => startUnixMs + packet.capturedMs + moved(packet, track, person),
        ),
      ),
    })),
  );

const took = { simulateMs: 0, scanMs: 0, solveMs: 0 };

function missesOf(of: CallClass, ...moved: Parameters<typeof placedBy>[1][]): string[] {
  const tally = new Tally(of);
  for (const [seed, move] of moved.entries()) {
    const { plan, call } = callOf(of, seed + 1);
    tally.add(seed + 1, { plan, call, sessions: sessionErrors(call, placedBy(call, move)), took });
  }
  return misses(tally.figures, of.bounds);
}

describe('measured against a placement that is known', () => {
  const { call } = callOf(CLEAN, 1);
  const voiceAndCamera = (...how: Parameters<typeof placedBy> extends [Call, ...infer Rest] ? Rest : never) =>
    sessionErrors(call, placedBy(call, ...how))[0] as SessionError;

  test.each(CLASSES.map((of) => [of.name, of] as const))('%s · the truth itself misses nothing', (_, of) => {
    expect(missesOf(of, () => 0)).toEqual([]);
  });

  test('what all tracks share is no error within the session', () => {
    const { within, medianMs, isHonest } = voiceAndCamera(() => 70);
    expect(within(1)).toBeLessThan(0.01);
    expect(medianMs).toBeCloseTo(70, 2);
    expect(isHonest).toBe(true);
  });

  test('a camera 30 ms late is 30 ms off, and not within 5 ms', () => {
    const { within, isHonest } = voiceAndCamera((_, { kind }) => (kind === 'video' ? 30 : 0));
    expect(within(0.5)).toBeLessThan(0.01);
    expect(within(0.99)).toBeCloseTo(30, 2);
    expect(isHonest).toBe(false);
    expect(voiceAndCamera((_, { kind }) => (kind === 'video' ? 30 : 0), 31).isHonest).toBe(true);
  });

  test('one packet in two hundred off shows in p99.9 and not in p99', () => {
    let count = 0;
    const { within } = voiceAndCamera(() => (count++ % 200 === 0 ? 400 : 0));
    expect(within(0.99)).toBeLessThan(0.01);
    expect(within(0.999)).toBeCloseTo(400, 2);
  });

  test('packets without a place are left out', () => {
    let count = 0;
    expect(voiceAndCamera(() => (count++ < 7 ? Number.NaN : 0)).leftOut).toBe(7);
  });

  test('sound laid over what was sent before it is left out', () => {
    const isLate = ({ capturedMs }: Packet) => capturedMs > 30_000 && capturedMs < 40_000;
    const { leftOut } = voiceAndCamera((packet, { kind }) => (kind === 'audio' && isLate(packet) ? 500 : 0));
    // The half second behind those that were moved into it.
    expect(leftOut).toBeGreaterThanOrEqual(24);
    expect(leftOut).toBeLessThanOrEqual(26);
  });

  test('one picture placed two seconds late is in the way of those that follow', () => {
    let isMoved = false;
    const { leftOut, within } = voiceAndCamera(({ capturedMs, marker }, { kind }) => {
      if (isMoved || kind === 'audio' || capturedMs < 30_000 || !marker) return 0;
      isMoved = true;
      return 2000;
    });
    expect(within(0.999)).toBeLessThan(0.01);
    expect(leftOut).toBeGreaterThan(10);
  });

  test('people are as far apart as their networks do not explain', () => {
    const person = (medianMs: number, leastDelayMs: number) => ({ medianMs, leastDelayMs }) as SessionError;
    expect(betweenPeople(person(80, 80), person(20, 20))).toBe(0);
    expect(betweenPeople(person(0, 80), person(0, 20))).toBe(0);
    expect(betweenPeople(person(40, 80), person(10, 20))).toBe(0);
    expect(betweenPeople(person(110, 80), person(20, 20))).toBe(30);
    expect(betweenPeople(person(-10, 80), person(0, 20))).toBe(10);
    expect(betweenPeople(person(20, 20), person(110, 80))).toBe(30);
  });

  test('a class that misses says what', () => {
    const late = missesOf(
      CLEAN,
      (_, { kind }, person) => (kind === 'video' ? 100 : 0) + (person === 1 ? 500 : 0),
    );
    expect(late).toEqual([
      expect.stringMatching(/^p99\.9 100\.\d > 20 ms$/),
      expect.stringMatching(/^participants \d+\.\d > 40 ms$/),
      'within uncertainty 50 % < 95 %',
    ]);
  });
});

test('every packet of a clean call comes through the door, near its place', () => {
  const { call } = callOf(CLEAN, 3);
  for (const { leftOut, within } of sessionErrors(call, placeCall(scanCall(call)))) {
    expect(leftOut).toBe(0);
    expect(within(1)).toBeLessThan(20);
  }
});

describe('the command', () => {
  const ask = (...args: string[]) => {
    const lines: string[] = [];
    const errors: string[] = [];
    const code = run(args, { out: (line) => lines.push(line), err: (line) => errors.push(line) });
    return { code, lines, errors };
  };

  test('one call · tells what happened in it, and counts in its last line', () => {
    const { code, lines } = ask('--class', 'wraps', '--seed', '7', '--sessions', '1');
    expect(lines.at(-1)).toMatch(/^1 sessions, 1 classes, [01] missed$/);
    expect(lines.at(-1)?.endsWith('0 missed')).toBe(code === 0);
    expect(lines.some((line) => line.startsWith('person 0: median error'))).toBe(true);
  });

  test.each([
    ['--class', 'nobody'],
    ['--sessions', '0'],
    ['--sessions', '5'],
    ['--seed', 'x'],
    ['--unknown'],
  ])('wrong usage · %s %s', (...args) => {
    const { code, errors } = ask(...args);
    expect(code).toBe(2);
    expect(errors.join('\n')).toContain('usage: npm run clocks');
  });
});
