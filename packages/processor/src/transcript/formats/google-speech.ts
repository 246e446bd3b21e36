import type { Cue } from '../transcription.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { type Fields, fieldsOf, listOf, msOf, SECOND, textOf } from './fields.ts';

/** Of an answer, or of a long-running operation that has it within. */
export const resultsOfGoogle = ({ results, response }: Fields): unknown =>
  results ?? fieldsOf(response)['results'];

/**
 * Google Speech-to-Text, v1 (`startTime`) and v2 (`startOffset`): words, of which a time of 0 is left out. Where nobody asked
 * for the times of words, a result lasts from the one before it to its end.
 */
export function cuesOfGoogleSpeech(root: Fields): Cue[] {
  let beforeMs = 0;
  return listOf(resultsOfGoogle(root)).flatMap(({ alternatives, resultEndTime, resultEndOffset }) => {
    const [best = {}] = listOf(alternatives);
    const words = listOf(best['words']).map(({ startTime, startOffset, endTime, endOffset, word }) => ({
      startMs: durationMs(startTime ?? startOffset ?? 0),
      endMs: durationMs(endTime ?? endOffset ?? 0),
      text: textOf(word) ?? '',
    }));
    const startMs = beforeMs;
    const endMs = durationMs(resultEndTime ?? resultEndOffset);
    if (endMs > startMs) beforeMs = endMs;
    if (words.length > 0) return cuesOfWords(words);
    const text = textOf(best['transcript']);
    return text === undefined ? [] : [{ startMs, endMs, text }];
  });
}

/** `"1.300s"`, or `{ seconds: "1", nanos: 300000000 }`, as its clients for programs have it. */
function durationMs(value: unknown): number {
  if (typeof value !== 'object' || value === null) return msOf(`${value}`.replace(/s$/, ''), SECOND);
  const { seconds = 0, nanos = 0 } = fieldsOf(value);
  return msOf(seconds, SECOND) + msOf(nanos, 1e-6);
}
