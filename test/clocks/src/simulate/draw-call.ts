import { type CallPlan, JITTERS, type PersonPlan, type TrackPlan } from './plan.ts';
import type { Random } from './random.ts';

/** Something that happens in a call. */
export type Ingredient = (call: CallPlan, random: Random) => void;

/** Not before a track has begun, nor just before it ends: two seconds of packets can say little of either. */
export const MARGIN_MS = 6000;

/** A call in which nothing happens but everyday: one with voice and camera, one with a voice. */
export function everydayCall(random: Random): CallPlan {
  const lengthMs = 60_000 + 240_000 * random.next() ** 4;
  return {
    lengthMs,
    serverSteps: [],
    people: [
      everydayPerson(lengthMs, ['audio', 'video'], random),
      everydayPerson(lengthMs, ['audio'], random),
    ],
  };
}

export function everydayPerson(
  lengthMs: number,
  kinds: readonly TrackPlan['kind'][],
  random: Random,
): PersonPlan {
  const driftPpm = random.between(-20, 20);
  const fromMs = random.between(0, 10_000);
  return {
    clock: { offsetMs: random.normal(15), driftPpm, steps: [] },
    network: {
      baseMs: random.between(5, 90),
      jitter: { kind: random.pick(JITTERS), scaleMs: random.byMagnitude(0.5, 6) },
      lossShare: random.chance(0.5) ? 0 : random.byMagnitude(0.0005, 0.01),
      reorderedShare: 0,
      queues: [],
      freezes: [],
      routes: [],
      storms: [],
    },
    reports: {
      isSent: true,
      noiseMs: 0.5,
      lostShare: 0.02,
      wrongShare: 0,
      repeatedShare: 0,
      firstAfterMs: 0,
      isBeforeMedia: random.chance(0.2),
      runsAhead: random.chance(0.7),
    },
    tracks: kinds.map((kind) => ({
      kind,
      fromMs: fromMs + random.between(0, 2000),
      toMs: lengthMs - random.between(0, 2000),
      // A camera's ticks are the participant's clock; a microphone's are its sound card's.
      rate: {
        ppm: kind === 'video' ? driftPpm : driftPpm + random.between(-30, 30),
        swingPpm: 0,
        periodMs: 1,
      },
      firstSequence: random.integer(0, 0x7fff),
      firstTimestamp: random.integer(0, 2 ** 31),
      encodeMs: kind === 'audio' ? random.between(0.5, 5) : random.between(4, 18),
      framesPerSecond: random.pick([10, 12, 15]),
      changes: [],
    })),
  };
}
