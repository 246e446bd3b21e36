import type { Cue } from '../transcription.ts';
import { type Fields, fieldsOf, listOf, msOf, SECOND, textOf } from './fields.ts';

/** openai-whisper, faster-whisper, whisperX, and OpenAI's `verbose_json`: segments in seconds. */
export const cuesOfSegments = (segments: unknown): Cue[] =>
  listOf(segments).map(({ start, end, text, speaker }) => ({
    startMs: msOf(start, SECOND),
    endMs: msOf(end, SECOND),
    text: textOf(text) ?? '',
    speaker: textOf(speaker),
  }));

/** whisper.cpp (`--output-json`): offsets in ms. */
export const cuesOfWhisperCpp = ({ transcription }: Fields): Cue[] =>
  listOf(transcription).map(({ offsets, text }) => {
    const { from, to } = fieldsOf(offsets);
    return { startMs: msOf(from, 1), endMs: msOf(to, 1), text: textOf(text) ?? '' };
  });

/** Hugging Face transformers: `timestamp` is a pair of seconds, whose end may be unknown. */
export const cuesOfChunks = ({ chunks }: Fields): Cue[] =>
  listOf(chunks).map(({ timestamp, text }) => {
    const [start, end] = Array.isArray(timestamp) ? (timestamp as unknown[]) : [];
    const startMs = msOf(start, SECOND);
    return { startMs, endMs: end === null ? startMs : msOf(end, SECOND), text: textOf(text) ?? '' };
  });
