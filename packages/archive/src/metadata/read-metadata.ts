import { MOST_NODES, MOST_SEGMENTS } from '../bounds.ts';
import { reasonOf } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { Turns } from '../turns.ts';
import {
  checkMetadata,
  checkSegment,
  type MetadataFields,
  overlongFields,
  type SegmentFields,
} from './schema.ts';
import type { TrackKind } from './track-types.ts';

export interface SessionMetadata {
  readonly fields: Omit<MetadataFields, 'segments'>;
  readonly segments: readonly ListedSegment[];
  /** What of it could not be used, one sentence part each. */
  readonly broken: readonly string[];
}

export interface ListedSegment {
  readonly list: TrackKind;
  readonly fields: SegmentFields;
}

export interface UnreadableMetadata {
  readonly reason: string;
  /** Ids as far as they can be seen in the broken text. */
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
}

export type MetadataReading =
  | { readonly metadata: SessionMetadata }
  | { readonly unreadable: UnreadableMetadata };

/** Segments that may still be read, of all metadata together. */
export interface SegmentBudget {
  left: number;
}

/** Told one by one of a session; the rest is counted. */
const MOST_BROKEN = 20;

/** Reads one `timing_metadata.json`. Fails with `turns` only, whatever the bytes are. */
export async function readMetadata(
  bytes: Uint8Array,
  budget: SegmentBudget,
  turns: Turns,
): Promise<MetadataReading> {
  const text = decode(bytes);
  if ('reason' in text) return { unreadable: { reason: text.reason, ...guessIds(text.guess) } };
  const json = parse(text.text);
  if ('reason' in json) return { unreadable: { reason: json.reason, ...guessIds(text.text) } };
  const checked = checkMetadata(json.value);
  if ('wrong' in checked) {
    return { unreadable: { reason: excerpt(checked.wrong), ...guessIds(text.text) } };
  }
  const broken = overlongFields(json.value);
  const segments: ListedSegment[] = [];
  for (const list of ['audio', 'video'] as const) {
    await readList(list, checked.value.segments?.[list], { segments, broken, budget, turns });
  }
  // The lists as they were parsed are not kept.
  const { segments: _, ...fields } = checked.value;
  return { metadata: { fields, segments, broken } };
}

interface ListReading {
  readonly segments: ListedSegment[];
  readonly broken: string[];
  readonly budget: SegmentBudget;
  readonly turns: Turns;
}

async function readList(list: TrackKind, json: unknown, reading: ListReading): Promise<void> {
  const { segments, broken, budget, turns } = reading;
  if (json === undefined || json === null) return;
  if (!Array.isArray(json)) {
    broken.push(`its list of ${list} segments is no list`);
    return;
  }
  let untold = 0;
  for (const [index, item] of json.entries()) {
    if (turns.isOver) await turns.next();
    if (budget.left === 0) {
      broken.push(
        `its ${list} segments from ${index + 1} to ${json.length} are left out: the metadata lists more than ${MOST_SEGMENTS} segments in all`,
      );
      break;
    }
    budget.left -= 1;
    const checked = checkSegment(item);
    if ('value' in checked) segments.push({ list, fields: checked.value });
    else if (broken.length >= MOST_BROKEN) untold += 1;
    else broken.push(`${list} segment ${index + 1} cannot be used: ${excerpt(checked.wrong)}`);
  }
  if (untold > 0) broken.push(`${untold} more of its ${list} segments cannot be used`);
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
  if (hasTooManyNodes(text)) return { reason: `it has more than ${MOST_NODES} lists and objects` };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    try {
      return { value: JSON.parse(nameBareNumbers(text)) };
    } catch {
      // That was not the reason.
    }
    return { reason: `it is no whole JSON (${excerpt(reasonOf(error))})` };
  }
}

/** Counts brackets, those in texts included. */
function hasTooManyNodes(text: string): boolean {
  let nodes = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      nodes += 1;
      if (nodes > MOST_NODES) return true;
    }
  }
  return false;
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

function guessIds(text: string): Omit<UnreadableMetadata, 'reason'> {
  const head = text.slice(0, 64 * 1024);
  return { userId: guessField(head, 'participant_id'), sessionId: guessField(head, 'user_session_id') };
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
