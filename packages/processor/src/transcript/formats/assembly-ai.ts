import type { Cue } from '../transcription.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { type Fields, listOf, msOf, textOf } from './fields.ts';

/** AssemblyAI: words in ms; utterances where it has been asked for those alone. */
export function cuesOfAssemblyAi({ words, utterances }: Fields): Cue[] {
  const cueOf = ({ start, end, text }: Fields): Cue => ({
    startMs: msOf(start, 1),
    endMs: msOf(end, 1),
    text: textOf(text) ?? '',
  });
  const list = listOf(words);
  return list.length > 0 ? cuesOfWords(list.map(cueOf)) : listOf(utterances).map(cueOf);
}
