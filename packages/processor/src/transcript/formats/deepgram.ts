import type { Cue } from '../transcription.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { type Fields, fieldsOf, listOf, msOf, SECOND, textOf } from './fields.ts';

const alternativeOf = (results: Fields): Fields =>
  listOf(listOf(results['channels'])[0]?.['alternatives'])[0] ?? {};

/** Deepgram: utterances where they were asked for, else the sentences of its paragraphs, else words; seconds. */
export function cuesOfDeepgram({ results }: Fields): Cue[] {
  const found = fieldsOf(results);
  const utterances = listOf(found['utterances']);
  if (utterances.length > 0) return utterances.map((utterance) => cueOf(utterance, utterance['transcript']));
  const { paragraphs, words } = alternativeOf(found);
  const sentences = listOf(fieldsOf(paragraphs)['paragraphs']).flatMap((paragraph) =>
    listOf(paragraph['sentences']),
  );
  if (sentences.length > 0) return sentences.map((sentence) => cueOf(sentence, sentence['text']));
  return cuesOfWords(
    listOf(words).map((word) => cueOf(word, textOf(word['punctuated_word']) ?? word['word'])),
  );
}

export const languageOfDeepgram = ({ results }: Fields): string | undefined =>
  textOf(listOf(fieldsOf(results)['channels'])[0]?.['detected_language']);

const cueOf = ({ start, end }: Fields, text: unknown): Cue => ({
  startMs: msOf(start, SECOND),
  endMs: msOf(end, SECOND),
  text: textOf(text) ?? '',
});
