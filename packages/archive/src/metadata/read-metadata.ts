import { reasonOf } from '../errors.ts';
import { shown } from '../shown.ts';
import { checkMetadata, checkSegment, type MetadataFields, type SegmentFields } from './schema.ts';

export interface SessionMetadata {
  readonly fields: MetadataFields;
  readonly segments: readonly ListedSegment[];
  /** What of it could not be used, one sentence part each. */
  readonly broken: readonly string[];
}

export interface ListedSegment {
  readonly list: 'audio' | 'video';
  readonly fields: SegmentFields;
}

export interface UnreadableMetadata {
  readonly reason: string;
  /** Ids as far as they can be seen in the broken text. */
  readonly userId?: string;
  readonly sessionId?: string;
}

export type MetadataReading =
  | { readonly metadata: SessionMetadata }
  | { readonly unreadable: UnreadableMetadata };

/** Reads one `timing_metadata.json`. Never throws, whatever the bytes are. */
export function readMetadata(bytes: Uint8Array): MetadataReading {
  const text = decode(bytes);
  if ('reason' in text) return { unreadable: { reason: text.reason, ...guessIds(text.guess) } };
  const json = parse(text.text);
  if ('reason' in json) return { unreadable: { reason: json.reason, ...guessIds(text.text) } };
  const checked = checkMetadata(json.value);
  if ('wrong' in checked) {
    return { unreadable: { reason: shown(checked.wrong), ...guessIds(text.text) } };
  }
  const broken: string[] = [];
  const segments = [
    ...readList('audio', checked.value.segments?.audio, broken),
    ...readList('video', checked.value.segments?.video, broken),
  ];
  return { metadata: { fields: checked.value, segments, broken } };
}

function readList(list: 'audio' | 'video', json: unknown, broken: string[]): ListedSegment[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) {
    broken.push(`its list of ${list} segments is no list`);
    return [];
  }
  const segments: ListedSegment[] = [];
  for (const [index, item] of json.entries()) {
    const checked = checkSegment(item);
    if ('wrong' in checked) {
      broken.push(`${list} segment ${index + 1} cannot be used: ${shown(checked.wrong)}`);
    } else {
      segments.push({ list, fields: checked.value });
    }
  }
  return segments;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): { text: string } | { reason: string; guess: string } {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) {
    const guess = new TextDecoder(wide).decode(bytes.subarray(0, 64 * 1024));
    return { reason: 'it is UTF-16, not UTF-8', guess };
  }
  if (bytes.byteLength === 0) return { reason: 'it is empty', guess: '' };
  try {
    return { text: strictUtf8.decode(bytes) };
  } catch {
    const guess = Buffer.from(bytes.subarray(0, 64 * 1024)).toString('latin1');
    return { reason: 'it is not UTF-8', guess };
  }
}

function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // JSON begins with ASCII: a NUL among its first two bytes is half of a wide character.
  if (first !== 0 && second === 0) return 'utf-16le';
  if (first === 0 && second !== 0 && second !== undefined) return 'utf-16be';
  return undefined;
}

function parse(text: string): { value: unknown } | { reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    try {
      return { value: JSON.parse(nameBareNumbers(text)) };
    } catch {
      // That was not the reason.
    }
    return { reason: `it is no whole JSON (${shown(reasonOf(error))})` };
  }
}

/**
 * Some JSON writers put NaN and Infinity bare, which JSON has no word for. As texts they cost one time, not the file.
 * A text that never ends is taken up to the end, so that each character is looked at once.
 */
function nameBareNumbers(text: string): string {
  return text.replace(/"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$)|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function guessIds(text: string): { userId?: string; sessionId?: string } {
  const head = text.slice(0, 64 * 1024);
  const userId = guessField(head, 'participant_id');
  const sessionId = guessField(head, 'user_session_id');
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function guessField(text: string, field: string): string | undefined {
  const literal = new RegExp(`"${field}"\\s{0,20}:\\s{0,20}("(?:[^"\\\\]|\\\\.){1,1000}")`).exec(text)?.[1];
  if (literal === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
