import { createHash } from 'node:crypto';

/** What a track's file name is made of. */
export interface NamedTrack {
  readonly callType: string;
  readonly callId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly screenshare: boolean;
}

/** What stands in a name for the file's content. */
export type NamedMedia = 'audio_only' | 'video_only' | 'audio_video';

/** The strictest limit of the file systems in use (ext4, APFS, NTFS): bytes of UTF-8 in one name. */
const NAME_BYTES = 255;

const HASH_DIGITS = 12;

/**
 * What a name cannot hold somewhere: separators and reserved characters of Windows, controls, what turns the
 * reading direction, line separators, and the percent sign itself, so that decoding gives the id back.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|%\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const percentEncode = (text: string): string =>
  Array.from(
    Buffer.from(text, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

/** An id as part of a file name that is valid on Linux, macOS and Windows. */
export function safeNamePart(id: string): string {
  return id.toWellFormed().replace(UNSAFE, percentEncode);
}

export interface NameParts {
  readonly track: NamedTrack;
  readonly media: NamedMedia;
  readonly extension: string;
  /** The call's start, unix ms. */
  readonly timestampMs: number;
}

/**
 * `individual_{callType}_{callId}_{userId}_{sessionId}_{media}_{timestamp}.mkv`; with `distinct` the track id
 * stands before the media. Over 255 bytes the ids are cut and a hash of the whole takes their place.
 */
export function individualFileName(
  { track, media, extension, timestampMs }: NameParts,
  distinct: boolean,
): string {
  const ids = [
    track.callType,
    track.callId,
    track.userId,
    track.sessionId,
    ...(distinct ? [track.trackId] : []),
  ];
  const tail = `_${track.screenshare ? 'shared_' : ''}${media}_${timestampMs}.${extension}`;
  return fitted('individual', ids, tail);
}

interface NamedCall {
  readonly type: string;
  readonly id: string;
}

/** `composite_{callType}_{callId}_audio_{timestamp}.mp3`, cut like the name of a track. */
export function compositeFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('composite', [call.type, call.id], `_audio_${timestampMs}.${extension}`);
}

/** `turns_{callType}_{callId}_{timestamp}.json`, cut like the name of a track. */
export function turnsFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('turns', [call.type, call.id], `_${timestampMs}.${extension}`);
}

/**
 * `voice_{callType}_{callId}_{userId}_{timestamp}.flac` for each user, in the order given. Names that a file system could
 * take for one get a hash of the id.
 */
export function voiceFileNames(call: NamedCall, userIds: readonly string[], timestampMs: number): string[] {
  return keptApart(userIds, (userId, distinct) =>
    fitted('voice', [call.type, call.id, userId], `_${timestampMs}.flac`, distinct),
  );
}

function fitted(prefix: string, ids: readonly string[], tail: string, hashed = false): string {
  const head = `${prefix}_${ids.map(safeNamePart).join('_')}`;
  if (!hashed && Buffer.byteLength(head + tail) <= NAME_BYTES) return head + tail;
  const hash = createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, HASH_DIGITS);
  return `${cutToBytes(head, NAME_BYTES - Buffer.byteLength(tail) - HASH_DIGITS - 1)}~${hash}${tail}`;
}

/** Cuts between characters, and not within a percent-encoded byte. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return text.slice(0, end).replace(/%[0-9A-F]?$/, '');
}

/**
 * A name for each, in the order given, the same whatever part of the recording is asked for. Names that a file system
 * could take for one (letter case, Unicode normalisation) get their track ids.
 */
export function individualFileNames(parts: readonly NameParts[]): string[] {
  return keptApart(parts, individualFileName);
}

function keptApart<Part>(
  parts: readonly Part[],
  nameOf: (part: Part, distinct: boolean) => string,
): string[] {
  const keys = parts.map((part) => nameOf(part, false).normalize('NFC').toLowerCase());
  const seen = new Map<string, number>();
  for (const key of keys) seen.set(key, (seen.get(key) ?? 0) + 1);
  return parts.map((part, index) => nameOf(part, (seen.get(keys[index] ?? '') ?? 0) > 1));
}
