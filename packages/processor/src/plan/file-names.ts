import { createHash } from 'node:crypto';

/** What a track's file name is made of. */
export interface NamedTrack {
  readonly callType: string;
  readonly callId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly kind: 'audio' | 'video';
  readonly screenshare: boolean;
}

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

/**
 * `individual_{callType}_{callId}_{userId}_{sessionId}_{media}_{timestamp}.mkv`; with `distinct` the track id
 * stands before the media. Over 255 bytes the ids are cut and a hash of the whole takes their place.
 */
export function individualFileName(track: NamedTrack, timestampMs: number, distinct: boolean): string {
  const ids = [
    track.callType,
    track.callId,
    track.userId,
    track.sessionId,
    ...(distinct ? [track.trackId] : []),
  ];
  const head = `individual_${ids.map(safeNamePart).join('_')}`;
  const tail = `_${track.screenshare ? 'shared_' : ''}${track.kind}_only_${timestampMs}.mkv`;
  if (Buffer.byteLength(head + tail) <= NAME_BYTES) return head + tail;
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
 * One name for each track of a recording, the same whatever part of it is asked for. Names that a file system could
 * take for one (letter case, Unicode normalisation) get their track ids.
 */
export function individualFileNames<T extends NamedTrack>(
  tracks: readonly T[],
  timestampMs: number,
): Map<T, string> {
  const seen = new Map<string, number>();
  const keyOf = (track: T) => individualFileName(track, timestampMs, false).normalize('NFC').toLowerCase();
  for (const track of tracks) seen.set(keyOf(track), (seen.get(keyOf(track)) ?? 0) + 1);
  return new Map(
    tracks.map((track) => [track, individualFileName(track, timestampMs, (seen.get(keyOf(track)) ?? 0) > 1)]),
  );
}
