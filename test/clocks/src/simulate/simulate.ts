import type { Call } from './call.ts';
import { stepsBy } from './clocks.ts';
import type { CallPlan } from './plan.ts';
import type { Random } from './random.ts';
import { sendTrack } from './send-track.ts';

/** 2026-03-01: any day would do. */
const START_UNIX_MS = Date.UTC(2026, 2, 1, 9);

/** Carries out a plan. */
export function simulate(plan: CallPlan, random: Random): Call {
  return {
    startUnixMs: START_UNIX_MS,
    people: plan.people.map((person) => ({
      tracks: person.tracks.map((track) => ({
        kind: track.kind,
        clockRate: track.kind === 'audio' ? 48_000 : 90_000,
        segments: sendTrack(track, person, START_UNIX_MS, random),
      })),
    })),
    serverMs: (atMs) => START_UNIX_MS + atMs + stepsBy(plan.serverSteps, atMs),
  };
}
