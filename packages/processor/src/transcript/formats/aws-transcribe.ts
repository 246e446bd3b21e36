import type { Cue } from '../transcription.ts';
import { cuesOfWords, type Word } from './cues-of-words.ts';
import { type Fields, fieldsOf, listOf, msOf, SECOND, textOf } from './fields.ts';

/** Amazon Transcribe: segments where its answer has them, else items, of which marks have no time; seconds in strings. */
export function cuesOfAwsTranscribe({ results }: Fields): Cue[] {
  const { audio_segments, items } = fieldsOf(results);
  const segments = listOf(audio_segments);
  if (segments.length > 0)
    return segments.map(({ start_time, end_time, transcript }) => ({
      startMs: msOf(start_time, SECOND),
      endMs: msOf(end_time, SECOND),
      text: textOf(transcript) ?? '',
    }));
  return cuesOfWords(listOf(items).map(wordOf));
}

/** Also an item of Speechmatics, whose times are numbers and whose marks have them. */
export const wordOf = ({ type, start_time, end_time, alternatives }: Fields): Word => ({
  startMs: msOf(start_time, SECOND),
  endMs: msOf(end_time, SECOND),
  text: textOf(listOf(alternatives)[0]?.['content']) ?? '',
  isAttached: type === 'punctuation',
});
