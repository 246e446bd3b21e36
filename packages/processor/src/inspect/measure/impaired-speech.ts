import type { Turn } from '../../speech/speech-detector.ts';
import type { Hole } from '../collect/sound.ts';
import type { SpeechMeasures } from '../inspection.ts';

/** What is lost at the edge of a word belongs to it: a turn ends where its sound does. */
const EDGE_MS = 300;

/** How much of what was spoken a listener did not have in time. Turns and holes in the order of time. */
export function impairedSpeech(turns: readonly Turn[], holes: readonly Hole[]): SpeechMeasures {
  const spokenMs = turns.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  let impairedMs = 0;
  let first = 0;
  let reachedMs = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of turns) {
    const fromMs = Math.max(startMs - EDGE_MS, reachedMs);
    const untilMs = endMs + EDGE_MS;
    while ((holes[first]?.untilMs ?? Number.POSITIVE_INFINITY) <= fromMs) first++;
    for (let at = first; (holes[at]?.fromMs ?? Number.POSITIVE_INFINITY) < untilMs; at++) {
      const hole = holes[at] as Hole;
      const beginsMs = Math.max(hole.fromMs, fromMs, reachedMs);
      const endsMs = Math.min(hole.untilMs, untilMs);
      if (endsMs > beginsMs) impairedMs += endsMs - beginsMs;
      reachedMs = Math.max(reachedMs, endsMs);
    }
  }
  return speechMeasures(spokenMs, impairedMs);
}

export const sumOfSpeech = (all: readonly SpeechMeasures[]): SpeechMeasures =>
  speechMeasures(
    all.reduce((sum, { spokenMs }) => sum + spokenMs, 0),
    all.reduce((sum, { impairedMs }) => sum + impairedMs, 0),
  );

function speechMeasures(spokenMs: number, lostMs: number): SpeechMeasures {
  const impairedMs = Math.min(lostMs, spokenMs);
  return {
    spokenMs: Math.round(spokenMs),
    impairedMs: Math.round(impairedMs),
    impairedShare: spokenMs === 0 ? 0 : impairedMs / spokenMs,
  };
}
