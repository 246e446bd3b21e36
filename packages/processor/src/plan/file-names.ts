import { createHash } from 'node:crypto';
import { TIMELINE_FORMAT_TABLE, type TimelineFormat } from './timeline-formats.ts';

/** What a track's file name is made of. */
export interface NamedTrack {
  readonly callType: string;
  readonly callId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly screenshare: boolean;
  /** Of the part of a track that is in another codec than it begins in. */
  readonly laterCodec?: string | undefined;
}

/** What stands in a name for the file's content. */
export type NamedMedia = 'audio_only' | 'video_only' | 'audio_video';

/** The strictest limit of the file systems in use (ext4, APFS, NTFS): bytes of UTF-8 in one name. */
const NAME_BYTES = 255;

const HASH_DIGITS = 12;

/**
 * What is percent-encoded in a name: separators and reserved characters of Windows; what a shell takes for more than itself
 * in a word without quotes, as loops over files seldom have them; blanks of all kinds; what cannot be seen, or turns the
 * reading direction; and the percent sign itself, so that decoding gives the id back.
 */
const UNSAFE = /[!"#$%&'()*/:;<>?[\\\]^`{|}\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const percentEncode = (text: string): string =>
  Array.from(
    Buffer.from(text, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

/** An id as part of a file name that is valid on Linux, macOS and Windows, and one word in a shell. */
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
 * `individual_{callType}_{callId}_{userId}_{sessionId}_{media}_{timestamp}.mkv`; with `distinct`, or a later codec, the
 * track id stands before the media. Over 255 bytes the ids are cut and a hash of the whole takes their place.
 */
export function individualFileName(
  { track, media, extension, timestampMs }: NameParts,
  distinct: boolean,
  hashed = false,
): string {
  const { trackId, laterCodec } = track;
  const later = laterCodec === undefined ? undefined : `${trackId}-${laterCodec}`;
  const trackIds = distinct || later !== undefined ? [later ?? trackId] : [];
  const ids = [track.callType, track.callId, track.userId, track.sessionId, ...trackIds];
  const tail = `_${track.screenshare ? 'shared_' : ''}${media}_${timestampMs}.${extension}`;
  return fitted('individual', ids, tail, hashed);
}

interface NamedCall {
  readonly type: string;
  readonly id: string;
}

/** `composite_{callType}_{callId}_audio_{timestamp}.mp3`, cut like the name of a track. */
export function compositeFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('composite', [call.type, call.id], `_audio_${timestampMs}.${extension}`);
}

/** `composite_{callType}_{callId}_audio_video_{timestamp}.mp4`, cut like the name of a track. */
export function filmFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('composite', [call.type, call.id], `_audio_video_${timestampMs}.${extension}`);
}

/** `scenes_{callType}_{callId}_{timestamp}.json`, cut like the name of a track. */
export function scenesFileName(call: NamedCall, timestampMs: number): string {
  return fitted('scenes', [call.type, call.id], `_${timestampMs}.json`);
}

/** `turns_{callType}_{callId}_{timestamp}.json`, cut like the name of a track. */
export function turnsFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('turns', [call.type, call.id], `_${timestampMs}.${extension}`);
}

/** `transcript_{callType}_{callId}_{timestamp}.vtt`, cut like the name of a track. */
export function transcriptFileName(call: NamedCall, extension: string, timestampMs: number): string {
  return fitted('transcript', [call.type, call.id], `_${timestampMs}.${extension}`);
}

/**
 * `voice_{callType}_{callId}_{userId}_{timestamp}.flac` for each user, in the order given. Names that a file system could
 * take for one get a hash of the id.
 */
export const voiceFileNames = (call: NamedCall, userIds: readonly string[], timestampMs: number): string[] =>
  userFileNames('voice', call, userIds, `_${timestampMs}.flac`);

/** `stem_{callType}_{callId}_{userId}_{timestamp}.wav`, or `…_shared_{timestamp}.wav`, in the same way. */
export const stemFileNames = (
  call: NamedCall,
  userIds: readonly string[],
  isShared: boolean,
  extension: string,
  timestampMs: number,
): string[] =>
  userFileNames('stem', call, userIds, `_${isShared ? 'shared_' : ''}${timestampMs}.${extension}`);

/** `timeline_{callType}_{callId}_{timestamp}.otio`; of plain text and JSON the format's name stands before. */
export function timelineFileName(call: NamedCall, format: TimelineFormat, timestampMs: number): string {
  const { extension } = TIMELINE_FORMAT_TABLE[format];
  const prefix = extension === 'txt' || extension === 'json' ? format : 'timeline';
  return fitted(prefix, [call.type, call.id], `_${timestampMs}.${extension}`);
}

function userFileNames(prefix: string, call: NamedCall, userIds: readonly string[], tail: string): string[] {
  return keptApart(userIds, [
    (userId) => fitted(prefix, [call.type, call.id, userId], tail),
    (userId) => fitted(prefix, [call.type, call.id, userId], tail, true),
  ]);
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
 * could take for one get their track ids, and a hash of all ids where these do not tell them apart either.
 */
export function individualFileNames(parts: readonly NameParts[]): string[] {
  return keptApart(parts, [
    (part) => individualFileName(part, false),
    (part) => individualFileName(part, true),
    (part) => individualFileName(part, true, true),
  ]);
}

/**
 * What names have in common that some file system takes for one: letter case (NTFS, APFS), Unicode normalisation (APFS).
 * By way of upper case, as `ß` and `ſ` are folded.
 */
export const fileKey = (name: string): string =>
  name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');

/** The plainest form of each name; of those that are one to a file system each its next form, until none are. */
function keptApart<Part>(
  parts: readonly Part[],
  forms: readonly [(part: Part) => string, ...((part: Part) => string)[]],
): string[] {
  const last = forms.length - 1;
  const chosen = parts.map(() => 0);
  for (;;) {
    const names = parts.map((part, index) => (forms[chosen[index] ?? 0] ?? forms[0])(part));
    const groups = Map.groupBy(names.keys(), (index) => fileKey(names[index] ?? ''));
    const clashing = [...groups.values()].filter(({ length }) => length > 1).flat();
    const changing = clashing.filter((index) => (chosen[index] ?? 0) < last);
    if (changing.length === 0) return names;
    for (const index of changing) chosen[index] = (chosen[index] ?? 0) + 1;
  }
}
