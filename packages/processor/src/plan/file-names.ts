import { createHash } from 'node:crypto';
import { filledTemplate } from './name-template.ts';
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
  /** The recording's beginning, unix ms. */
  readonly recordedMs: number;
  /** Of the name, checked. Default: the name that scripts of the reference expect. */
  readonly template?: string | undefined;
}

/** What all names of a plan are made with. */
export type Naming = Pick<NameParts, 'timestampMs' | 'recordedMs' | 'template'>;

/**
 * `individual_{callType}_{callId}_{userId}_{sessionId}_{media}_{timestamp}.mkv`; with `distinct`, or a later codec, the
 * track id stands before the media. Over 255 bytes the ids are cut and a hash of the whole takes their place.
 */
export function individualFileName(parts: NameParts, distinct: boolean, hashed = false): string {
  if (parts.template !== undefined) return templatedTrack(parts, parts.template, distinct, hashed);
  const { track, media, extension, timestampMs } = parts;
  const { trackId, laterCodec } = track;
  const later = laterCodec === undefined ? undefined : `${trackId}-${laterCodec}`;
  const trackIds = distinct || later !== undefined ? [later ?? trackId] : [];
  const ids = [track.callType, track.callId, track.userId, track.sessionId, ...trackIds];
  const tail = `_${track.screenshare ? 'shared_' : ''}${media}_${timestampMs}.${extension}`;
  return fitted('individual', ids, tail, hashed);
}

const SHORT_MEDIA: Readonly<Record<NamedMedia, { readonly own: string; readonly shared: string }>> = {
  audio_only: { own: 'audio', shared: 'screen-audio' },
  video_only: { own: 'video', shared: 'screen' },
  audio_video: { own: 'av', shared: 'screen-av' },
};

function templatedTrack(
  { track, media, extension, ...naming }: NameParts,
  template: string,
  distinct: boolean,
  hashed: boolean,
): string {
  const { callType: type, callId: id, userId, sessionId, trackId, laterCodec } = track;
  const word = SHORT_MEDIA[media][track.screenshare ? 'shared' : 'own'];
  const values = {
    ...callValues({ type, id }, naming),
    user: userId,
    session: sessionId,
    track: trackId,
    media: laterCodec === undefined ? word : `${word}-${laterCodec}`,
  };
  const head = filledTemplate(template, values, safeNamePart);
  const ids = [type, id, userId, sessionId, trackId, laterCodec ?? '', word];
  return fittedName(distinct ? `${head}-${safeNamePart(trackId)}` : head, ids, `.${extension}`, hashed);
}

const EVERYBODY = { user: 'all', session: 'all', track: 'all' } as const;

function callValues({ type, id }: NamedCall, { timestampMs, recordedMs }: Naming) {
  const [start = '', recorded = ''] = [timestampMs, recordedMs].map((ms) => new Date(ms).toISOString());
  return {
    call: id,
    type,
    date: start.slice(0, 10),
    time: start.slice(11, 19).replaceAll(':', ''),
    start: `${timestampMs}`,
    recorded: `${recorded.slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
  };
}

interface NamedCall {
  readonly type: string;
  readonly id: string;
}

/** What of a call is of nobody alone: how its name begins, and what stands before the timestamp. */
const OF_CALL = {
  mix: { prefix: 'composite', media: '_audio' },
  composite: { prefix: 'composite', media: '_audio_video' },
  podcast: { prefix: 'podcast', media: '_audio' },
  scenes: { prefix: 'scenes', media: '' },
  chapters: { prefix: 'chapters', media: '' },
  turns: { prefix: 'turns', media: '' },
} as const;

/**
 * `composite_{callType}_{callId}_audio_{timestamp}.mp3`, `composite_…_audio_video_….mp4`, `scenes_…_….json`, `turns_…_….json`,
 * cut like the name of a track. The kind is its word in a template.
 *
 * @param suffix stands before the extension: what tells it from others of its kind
 */
export function callFileName(
  kind: keyof typeof OF_CALL,
  call: NamedCall,
  extension: string,
  naming: Naming,
  suffix = '',
): string {
  const { prefix, media } = OF_CALL[kind];
  return callName(
    naming.template === undefined ? prefix : kind,
    media,
    call,
    `${suffix}.${extension}`,
    naming,
  );
}

function callName(word: string, media: string, call: NamedCall, tail: string, naming: Naming): string {
  const ids = [call.type, call.id];
  const { timestampMs, template } = naming;
  if (template === undefined) return fitted(word, ids, `${media}_${timestampMs}${tail}`);
  const values = { ...callValues(call, naming), ...EVERYBODY, media: word };
  return fittedName(filledTemplate(template, values, safeNamePart), [...ids, word], tail);
}

/**
 * `transcript_{callType}_{callId}_{timestamp}.vtt`, cut like the name of a track.
 *
 * @param suffix what tells it from others
 */
export function transcriptFileName(
  call: NamedCall,
  extension: string,
  timestampMs: number,
  suffix: string,
): string {
  return fitted('transcript', [call.type, call.id], `_${timestampMs}${suffix}.${extension}`);
}

const OF_USER = {
  voice: { prefix: 'voice', media: '' },
  stem: { prefix: 'stem', media: '' },
  'screen-stem': { prefix: 'stem', media: '_shared' },
  // An editor's ends with a whole picture: they are two files of two lengths.
  'podcast-stem': { prefix: 'podcast-stem', media: '' },
  'podcast-screen-stem': { prefix: 'podcast-stem', media: '_shared' },
} as const;

/**
 * `voice_{callType}_{callId}_{userId}_{timestamp}.flac`, `stem_….wav`, `stem_…_shared_{timestamp}.wav`, `podcast-stem_….flac` for
 * each user, in the order given. Names that a file system could take for one get a hash of the id.
 */
export function userFileNames(
  kind: keyof typeof OF_USER,
  call: NamedCall,
  userIds: readonly string[],
  extension: string,
  naming: Naming,
): string[] {
  const { prefix, media } = OF_USER[kind];
  const { timestampMs, template } = naming;
  const nameOf = (user: string, hashed: boolean) => {
    const ids = [call.type, call.id, user];
    if (template === undefined) return fitted(prefix, ids, `${media}_${timestampMs}.${extension}`, hashed);
    const values = { ...callValues(call, naming), ...EVERYBODY, user, media: kind };
    const head = filledTemplate(template, values, safeNamePart);
    return fittedName(head, [...ids, kind], `.${extension}`, hashed);
  };
  return keptApart(userIds, [(userId) => nameOf(userId, false), (userId) => nameOf(userId, true)]);
}

/** `timeline_{callType}_{callId}_{timestamp}.otio`; of plain text and JSON the format's name stands before. */
export function timelineFileName(call: NamedCall, format: TimelineFormat, naming: Naming): string {
  const { extension } = TIMELINE_FORMAT_TABLE[format];
  const isNamedByFormat = extension === 'txt' || extension === 'json';
  return callName(isNamedByFormat ? format : 'timeline', '', call, `.${extension}`, naming);
}

/** A name with more before its extension, cut where it would be too long. */
export function withSuffix(name: string, suffix: string): string {
  const [, head = name, extension = ''] = /^(.*)(\.\w+)$/s.exec(name) ?? [];
  return suffix === '' ? name : fittedName(head, [name], `${suffix}${extension}`);
}

function fitted(prefix: string, ids: readonly string[], tail: string, hashed = false): string {
  return fittedName(`${prefix}_${ids.map(safeNamePart).join('_')}`, ids, tail, hashed);
}

/** @param ids what a hash tells apart where the name alone does not, or is cut */
function fittedName(head: string, ids: readonly string[], tail: string, hashed = false): string {
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
