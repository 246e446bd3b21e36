import type { Cue } from '../transcription.ts';
import { cuesOfWords, readingMs } from './cues-of-words.ts';
import { type Fields, fieldsOf, listOf, msOf, SECOND, textOf } from './fields.ts';

/** openai-whisper, faster-whisper, whisperX, and OpenAI's `verbose_json`: segments in seconds. */
export const cuesOfSegments = (segments: unknown): Cue[] =>
  listOf(segments).map(({ start, end, text, speaker }) => ({
    startMs: msOf(start, SECOND),
    endMs: msOf(end, SECOND),
    text: textOf(text) ?? '',
    speaker: textOf(speaker),
  }));

/** The same, or words alone, which OpenAI’s API answers where it is asked for their times only. */
export function cuesOfWhisper({ segments, words }: Fields): Cue[] {
  const list = listOf(segments);
  if (list.length > 0) return cuesOfSegments(list);
  return cuesOfWords(
    listOf(words).map(({ start, end, word }) => ({
      startMs: msOf(start, SECOND),
      endMs: msOf(end, SECOND),
      text: (textOf(word) ?? '').trim(),
    })),
  );
}

/** whisper.cpp (`--output-json`): offsets in ms. */
export const cuesOfWhisperCpp = ({ transcription }: Fields): Cue[] =>
  listOf(transcription).map(({ offsets, text }) => {
    const { from, to } = fieldsOf(offsets);
    return { startMs: msOf(from, 1), endMs: msOf(to, 1), text: textOf(text) ?? '' };
  });

/** Hugging Face transformers: `timestamp` is a pair of seconds; the last may have no end, and lasts as long as it is read. */
export const cuesOfChunks = ({ chunks }: Fields): Cue[] =>
  listOf(chunks).map(({ timestamp, text }) => {
    const [start, end] = Array.isArray(timestamp) ? (timestamp as unknown[]) : [];
    const startMs = msOf(start, SECOND);
    const words = textOf(text) ?? '';
    return { startMs, endMs: end === null ? startMs + readingMs(words) : msOf(end, SECOND), text: words };
  });
