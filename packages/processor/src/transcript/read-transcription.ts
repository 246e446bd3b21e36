import { fieldsOf } from './formats/fields.ts';
import { JSON_FORMATS } from './formats/json-formats.ts';
import { cuesOfSubtitles, isPrinted } from './formats/subtitles.ts';
import { cuesOfSegments } from './formats/whisper.ts';
import { languageTag } from './language-tag.ts';
import type { Cue, Transcription } from './transcription.ts';
import { transcriptionUnreadable } from './transcription-unreadable.ts';

/** Bytes of a file that is read: a word a time, many days of talk. */
export const MOST_TRANSCRIPTION_BYTES = 128 * 2 ** 20;

/** More than anybody says in a day. */
const MOST_CUES = 500_000;

/** Of one cue. */
const MOST_CHARACTERS = 10_000;

const LONGEST_MS = 7 * 24 * 3_600_000;

/** What a transcriber writes for nothing. */
const NOTHING_SAID = /^\[\s*(?:BLANK_AUDIO|SILENCE|no speech)\s*\]$/i;

/**
 * Reads what a transcriber made of one file: WebVTT, SRT, or JSON of whisper (openai-whisper, faster-whisper, whisperX,
 * whisper.cpp, transformers) or of a service; which of them is told by what is in it.
 *
 * @throws {ProcessorError} ERR_TRANSCRIPTION_UNREADABLE, in words for who has the file
 */
export function readTranscription(text: string): Transcription {
  const content = text.replace(/^\ufeff/, '');
  if (/^\s*[{[]/.test(content) && !isPrinted(content)) return ofJson(content);
  const isVtt = /^WEBVTT(?:\s|$)/.test(content);
  const cues = cuesOfSubtitles(content);
  if (!isVtt && cues.length === 0 && content.trim() !== '')
    throw transcriptionUnreadable(
      `it is neither WebVTT, SRT nor JSON of a transcriber: it begins with ${JSON.stringify(content.trim().slice(0, 60))}`,
    );
  return checked({ format: isVtt ? 'webvtt' : 'srt', cues });
}

function ofJson(text: string): Transcription {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (cause) {
    throw transcriptionUnreadable(`it is no JSON: ${(cause as Error).message}`, cause);
  }
  if (Array.isArray(root)) return checked({ format: 'whisper', cues: cuesOfSegments(root) });
  const fields = fieldsOf(root);
  const format = JSON_FORMATS.find(({ is }) => is(fields));
  if (format === undefined)
    throw transcriptionUnreadable(
      `it is JSON of none of ${JSON_FORMATS.map(({ name }) => name).join(', ')}: segments with times are missing`,
    );
  return checked({ format: format.name, language: format.language?.(fields), cues: format.cues(fields) });
}

function checked({ format, language, cues }: Omit<Transcription, 'leftOut'>): Transcription {
  if (cues.length > MOST_CUES)
    throw transcriptionUnreadable(`it has ${cues.length} cues, more than ${MOST_CUES}`);
  const usable = cues.flatMap(usableCue).sort((a, b) => a.startMs - b.startMs);
  return {
    format,
    language: language === undefined ? undefined : languageTag(language),
    cues: usable,
    leftOut: cues.length - usable.length,
  };
}

/** A cue with words and times that can be; nothing otherwise. */
function usableCue({ startMs, endMs, text, ...whose }: Cue): Cue[] {
  const words = text
    .toWellFormed()
    .slice(0, MOST_CHARACTERS)
    .split('\n')
    .map((line) => line.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
  const isPossible = startMs >= 0 && endMs >= startMs && endMs <= LONGEST_MS;
  if (!isPossible || words === '' || NOTHING_SAID.test(words)) return [];
  return [{ startMs: Math.round(startMs), endMs: Math.round(endMs), text: words, ...whose }];
}
