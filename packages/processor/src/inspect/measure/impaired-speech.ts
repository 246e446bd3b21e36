import type { Turn } from '../../speech/speech-detector.ts';
import type { Hole } from '../collect/sound.ts';
import type { SpeechMeasures } from '../inspection.ts';

/** What is lost at the edge of a word belongs to it: a turn ends where its sound does. What came late is in the turn, or not. */
const EDGE_MS = { lost: 300, late: 0 } as const satisfies Record<Hole['kind'], number>;

/** How much of what was spoken a listener did not have in time. Turns and holes in the order of time. */
export function impairedSpeech(turns: readonly Turn[], holes: readonly Hole[]): SpeechMeasures {
  let spokenMs = 0;
  let impairedMs = 0;
  let first = 0;
  let reachedMs = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of turns) {
    spokenMs += endMs - startMs;
    while ((holes[first]?.untilMs ?? Number.POSITIVE_INFINITY) <= startMs - EDGE_MS.lost) first++;
    for (let at = first; (holes[at]?.fromMs ?? Number.POSITIVE_INFINITY) < endMs + EDGE_MS.lost; at++) {
      const hole = holes[at] as Hole;
      const edgeMs = EDGE_MS[hole.kind];
      const fromMs = Math.max(hole.fromMs, startMs - edgeMs, reachedMs);
      const untilMs = Math.min(hole.untilMs, endMs + edgeMs);
      if (untilMs <= fromMs) continue;
      impairedMs += untilMs - fromMs;
      spokenMs += untilMs - fromMs - Math.max(0, Math.min(untilMs, endMs) - Math.max(fromMs, startMs));
      reachedMs = untilMs;
    }
  }
  return speechMeasures(spokenMs, impairedMs);
}

export const sumOfSpeech = (all: readonly SpeechMeasures[]): SpeechMeasures =>
  speechMeasures(
    all.reduce((sum, { spokenMs }) => sum + spokenMs, 0),
    all.reduce((sum, { impairedMs }) => sum + impairedMs, 0),
  );

function speechMeasures(spokenMs: number, impairedMs: number): SpeechMeasures {
  return {
    spokenMs: Math.round(spokenMs),
    impairedMs: Math.round(impairedMs),
    impairedShare: spokenMs === 0 ? 0 : impairedMs / spokenMs,
  };
}
