import type { Cue } from '../transcription.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { type Fields, listOf, msOf, SECOND, textOf } from './fields.ts';

/** ElevenLabs: words in seconds, and what stands between them. */
export const cuesOfElevenLabs = ({ words }: Fields): Cue[] =>
  cuesOfWords(
    listOf(words)
      .filter(({ type }) => type !== 'spacing')
      .map(({ start, end, text }) => ({
        startMs: msOf(start, SECOND),
        endMs: msOf(end, SECOND),
        text: textOf(text) ?? '',
      })),
  );
