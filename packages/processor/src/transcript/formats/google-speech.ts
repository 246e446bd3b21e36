import type { Cue } from '../transcription.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { type Fields, listOf, msOf, SECOND, textOf } from './fields.ts';

/** Google Speech-to-Text, v1 (`startTime`) and v2 (`startOffset`): words in `"1.300s"`, of which 0 is left out. */
export const cuesOfGoogleSpeech = ({ results }: Fields): Cue[] =>
  listOf(results).flatMap(({ alternatives }) => {
    const [best = {}] = listOf(alternatives);
    const words = listOf(best['words']).map(({ startTime, startOffset, endTime, endOffset, word }) => ({
      startMs: durationMs(startTime ?? startOffset),
      endMs: durationMs(endTime ?? endOffset),
      text: textOf(word) ?? '',
    }));
    return cuesOfWords(words);
  });

const durationMs = (value: unknown): number =>
  value === undefined ? 0 : msOf(textOf(value)?.replace(/s$/, ''), SECOND);
