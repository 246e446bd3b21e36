import { formatBytes } from '@rawreel/text';
import type { ContainerEntry, Contents } from '../container/contents.ts';
import { MAX_SMALL_TOTAL, refusalProblem } from '../container/contents.ts';
import { isDamage, reasonOf } from '../errors.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ArchiveProblem, Segment, SegmentTiming, Session, Track, TrackType } from '../recording.ts';
import { shown } from '../shown.ts';
import { eachAtOnce, SMALL_READS_AT_ONCE } from './each-at-once.ts';
import type { LoadedMetadata } from './load-metadata.ts';
import { type Match, type MetadataPlace, matchFiles } from './match-files.ts';
import { compareNaturally, compareText } from './natural-order.ts';
import type { ListedSegment } from './read-metadata.ts';
import { chooseCodec, isKnownCodec, mimeOf } from './sdp-codec.ts';
import { middleReceiveTime, readStartTime, readTiming } from './timing.ts';

/** A segment as one metadata file lists it. */
interface Draft {
  readonly metadata: LoadedMetadata;
  readonly listed: ListedSegment;
  readonly folder: string;
  readonly base: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: TrackType;
  readonly kind: 'audio' | 'video';
  /** One track of one session. */
  readonly trackKey: string;
  /** One segment of one track. */
  readonly identity: string;
  readonly timing: SegmentTiming;
  readonly unusableTimes: readonly string[];
}

interface Files {
  readonly dump: ReadonlyMap<Draft, Match>;
  readonly sdp: ReadonlyMap<Draft, Match>;
}

export interface RecordingParts {
  readonly callType: string;
  readonly callId: string;
  readonly callSessionId: string;
  readonly callStartMs?: number;
  readonly zeroUnixMs?: number;
  readonly sessions: readonly Session[];
  readonly tracks: readonly Track[];
}

/** Puts metadata and entries together. What is missing on either side ends up in `problems`. */
export async function buildRecording(
  contents: Contents,
  loaded: readonly LoadedMetadata[],
  places: readonly MetadataPlace[],
  problems: ProblemList,
): Promise<RecordingParts> {
  const drafts = draftSegments(loaded);
  const dumps = matchFiles(drafts, contents.entries, '.rtpdump', places);
  const files: Files = { dump: dumps, sdp: sdpsBeside(dumps, drafts, contents.entries, places) };
  const unique = withoutDuplicates(drafts, files, problems);
  const sdpTexts = await readSdps(contents, unique, files.sdp, problems);
  const assembler = new Assembler(files, sdpTexts, problems);
  const sessions = assembler.sessions(loaded, unique);
  noteLeftovers(contents.entries, drafts, files, problems);
  return {
    ...callOf(loaded),
    ...zeroOf(drafts),
    sessions,
    tracks: sessions.flatMap(({ tracks }) => tracks),
  };
}

function draftSegments(loaded: readonly LoadedMetadata[]): Draft[] {
  const middle = middleReceiveTime(
    loaded.flatMap(({ metadata }) => metadata.segments.map(({ fields }) => fields)),
  );
  return loaded.flatMap((metadata) =>
    metadata.metadata.segments.map((listed) => draftSegment(metadata, listed, middle)),
  );
}

function draftSegment(metadata: LoadedMetadata, listed: ListedSegment, middle: number | undefined): Draft {
  const { fields } = metadata.metadata;
  const userId = fields.participant_id;
  const sessionId = fields.user_session_id;
  const base = plainBase(listed.fields.base_filename);
  const trackType = trackTypeOf(listed);
  const trackId = listed.fields.track_id === '' ? trackType : listed.fields.track_id;
  const { timing, unusable } = readTiming(listed.fields, middle);
  const trackKey = JSON.stringify([userId, sessionId, trackId, trackType]);
  return {
    metadata,
    listed,
    folder: metadata.entry.folder,
    base,
    userId,
    sessionId,
    trackId,
    trackType,
    kind: /AUDIO$/.test(trackType) ? 'audio' : 'video',
    trackKey,
    identity: JSON.stringify([trackKey, base]),
    timing,
    unusableTimes: unusable,
  };
}

/** The metadata's name for a segment's files, as the plain file name it should be: never a path to follow. */
function plainBase(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.endsWith('.rtpdump') ? last.slice(0, -'.rtpdump'.length) : last;
  return plain === '.' || plain === '..' ? '' : plain.normalize('NFC');
}

const TRACK_TYPES: readonly TrackType[] = [
  'TRACK_TYPE_AUDIO',
  'TRACK_TYPE_VIDEO',
  'TRACK_TYPE_SCREEN_SHARE',
  'TRACK_TYPE_SCREEN_SHARE_AUDIO',
];

/** The type as told, else by the list it stands in; what is played in a shared screen was seen under the screen's type. */
function trackTypeOf({ list, fields }: ListedSegment): TrackType {
  const spelt = fields.track_type.trim().toUpperCase();
  const told = TRACK_TYPES.find((type) => type === spelt || type === `TRACK_TYPE_${spelt}`);
  if (told === 'TRACK_TYPE_SCREEN_SHARE' && list === 'audio') return 'TRACK_TYPE_SCREEN_SHARE_AUDIO';
  return told ?? (list === 'audio' ? 'TRACK_TYPE_AUDIO' : 'TRACK_TYPE_VIDEO');
}

/** A dump's own SDP lies beside it; where it does not, it is looked for as the dump was. */
function sdpsBeside(
  dumps: ReadonlyMap<Draft, Match>,
  drafts: readonly Draft[],
  entries: readonly ContainerEntry[],
  places: readonly MetadataPlace[],
): Map<Draft, Match> {
  const sdps = matchFiles(drafts, entries, '.sdp', places);
  const byName = new Map(entries.filter(({ kind }) => kind === 'sdp').map((entry) => [entry.name, entry]));
  for (const [draft, match] of dumps) {
    if (!('entry' in match)) continue;
    const beside = byName.get(match.entry.name.replace(/\.rtpdump$/, '.sdp'));
    if (beside !== undefined) sdps.set(draft, { entry: beside });
  }
  return sdps;
}

/**
 * Each segment once. Listed twice is: the same name in the same track, or, in two metadata files, the same first and
 * last packet in it (one session described in two layouts, under two file names). The one with a dump stays.
 */
function withoutDuplicates(drafts: readonly Draft[], files: Files, problems: ProblemList): Draft[] {
  const chosen = new Map<string, Draft>();
  const byPackets = new Map<string, Draft>();
  for (const draft of drafts) {
    const packets = packetsKey(draft);
    const twin = packets === undefined ? undefined : byPackets.get(packets);
    if (packets !== undefined && twin === undefined) byPackets.set(packets, draft);
    const isCopy = twin !== undefined && twin.metadata !== draft.metadata;
    const key = isCopy ? twin.identity : draft.identity;
    const other = chosen.get(key);
    if (other === undefined) {
      chosen.set(key, draft);
      continue;
    }
    if (!hasDump(other, files) && hasDump(draft, files)) chosen.set(key, draft);
    problems.add({
      code: 'SEGMENT_DUPLICATE',
      severity: 'notice',
      message: `${nameOf(draft)} is listed twice: used once`,
      entry: draft.metadata.entry.name,
      ...idsOf(draft),
    });
  }
  return [...chosen.values()];
}

function packetsKey({ trackKey, timing }: Draft): string | undefined {
  const packets = [
    timing.firstRtpTimestamp,
    timing.firstRtpUnixMs,
    timing.lastRtpTimestamp,
    timing.lastRtpUnixMs,
  ];
  return packets.includes(undefined) ? undefined : JSON.stringify([trackKey, packets]);
}

function hasDump(draft: Draft, files: Files): boolean {
  const match = files.dump.get(draft);
  return match !== undefined && 'entry' in match && match.entry.refusal === undefined;
}

async function readSdps(
  contents: Contents,
  drafts: readonly Draft[],
  matches: ReadonlyMap<Draft, Match>,
  problems: ProblemList,
): Promise<Map<Draft, string>> {
  const texts = new Map<Draft, string>();
  let total = 0;
  await eachAtOnce(drafts, SMALL_READS_AT_ONCE, async (draft) => {
    const match = matches.get(draft);
    if (match === undefined || !('entry' in match) || match.entry.refusal !== undefined) return;
    total += match.entry.size;
    if (total > MAX_SMALL_TOTAL) {
      problems.add(tooManySdps(draft, match.entry));
      return;
    }
    try {
      texts.set(draft, Buffer.from(await contents.readSmall(match.entry)).toString('utf8'));
    } catch (error) {
      if (!isDamage(error)) throw error;
      problems.add({
        code: 'ENTRY_DAMAGED',
        severity: 'damage',
        message: `The SDP of ${nameOf(draft)} cannot be read: ${reasonOf(error)}`,
        entry: match.entry.name,
        ...idsOf(draft),
      });
    }
  });
  return texts;
}

function tooManySdps(draft: Draft, entry: ContainerEntry): ArchiveProblem {
  return {
    code: 'ENTRY_TOO_LARGE',
    severity: 'damage',
    message: `The SDP of ${nameOf(draft)} is not read: all of them come to more than ${formatBytes(MAX_SMALL_TOTAL)}`,
    entry: entry.name,
    ...idsOf(draft),
  };
}

class Assembler {
  readonly #files: Files;
  readonly #sdps: ReadonlyMap<Draft, string>;
  readonly #problems: ProblemList;

  constructor(files: Files, sdps: ReadonlyMap<Draft, string>, problems: ProblemList) {
    this.#files = files;
    this.#sdps = sdps;
    this.#problems = problems;
  }

  sessions(loaded: readonly LoadedMetadata[], drafts: readonly Draft[]): Session[] {
    const byTrack = groupBy(drafts, ({ trackKey }) => trackKey);
    const sessions = new Map<string, { userId: string; sessionId: string; tracks: Track[] }>();
    // Also those of which nothing was recorded: they were there.
    for (const { metadata } of loaded) {
      const { participant_id: userId, user_session_id: sessionId } = metadata.fields;
      const key = JSON.stringify([userId, sessionId]);
      if (!sessions.has(key)) sessions.set(key, { userId, sessionId, tracks: [] });
    }
    const inOrder = [...sessions.entries()].sort(
      ([, a], [, b]) => compareText(a.userId, b.userId) || compareText(a.sessionId, b.sessionId),
    );
    const byKey = new Map(inOrder);
    for (const group of byTrack.values()) {
      const [first] = group;
      if (first === undefined) continue;
      byKey.get(JSON.stringify([first.userId, first.sessionId]))?.tracks.push(this.#track(first, group));
    }
    for (const { tracks } of byKey.values()) tracks.sort(compareTracks);
    return [...byKey.values()];
  }

  #track(first: Draft, drafts: readonly Draft[]): Track {
    const { fields } = first.metadata.metadata;
    const ordered = [...drafts].sort(
      (a, b) =>
        compareNumbers(a.timing.firstRtpUnixMs, b.timing.firstRtpUnixMs) || compareNaturally(a.base, b.base),
    );
    const segments = ordered.map((draft) => this.#segment(draft));
    const starts = segments.flatMap(({ timing }) => timing.firstRtpUnixMs ?? []);
    const ends = segments.flatMap(({ timing }) => timing.lastRtpUnixMs ?? []);
    return {
      callType: fields.call_type,
      callId: fields.call_id,
      callSessionId: fields.call_session_id,
      userId: first.userId,
      sessionId: first.sessionId,
      trackId: first.trackId,
      trackType: first.trackType,
      kind: first.kind,
      screenshare: first.trackType.startsWith('TRACK_TYPE_SCREEN_SHARE'),
      codec: segments.find(({ codec }) => codec !== '')?.codec ?? '',
      segments,
      ...(starts.length === 0 ? {} : { startsAtMs: least(starts) }),
      ...(ends.length === 0 ? {} : { endsAtMs: -least(ends.map((end) => -end)) }),
    };
  }

  #segment(draft: Draft): Segment {
    this.#noteTimes(draft);
    const dump = this.#dump(draft);
    const sdp = this.#sdps.get(draft);
    if (sdp === undefined) this.#noteMissingSdp(draft);
    return {
      base: draft.base === '' ? draft.listed.fields.base_filename : draft.base,
      codec: this.#codec(draft, sdp),
      timing: draft.timing,
      ...(dump === undefined ? {} : { dump: dump.location }),
      ...(sdp === undefined ? {} : { sdp }),
    };
  }

  #dump(draft: Draft): ContainerEntry | undefined {
    const match = this.#files.dump.get(draft);
    if (match === undefined || 'contested' in match) {
      const reason =
        match === undefined
          ? `is not in the archive`
          : `is listed by two segments, so that nobody can tell whose it is`;
      this.#add(draft, 'DUMP_MISSING', 'damage', `its dump ${shown(draft.base)}.rtpdump ${reason}`);
      return undefined;
    }
    const { entry } = match;
    if (entry.refusal !== undefined) {
      this.#problems.add({ ...refusalProblem(entry, entry.refusal), ...idsOf(draft) });
      return undefined;
    }
    if (entry.cut === true) {
      const seen = entry.location.size;
      const reason = `its dump is cut off after ${formatBytes(seen)} of ${formatBytes(entry.size)}`;
      this.#add(draft, 'ARCHIVE_TRUNCATED', 'damage', reason, entry);
      return seen === 0 ? undefined : entry;
    }
    if (entry.size === 0) {
      this.#add(draft, 'DUMP_EMPTY', 'damage', 'its dump has no bytes', entry);
      return undefined;
    }
    return entry;
  }

  #codec(draft: Draft, sdp: string | undefined): string {
    const told = mimeOf(draft.listed.fields.codec, draft.kind);
    const { codec, contradiction } = chooseCodec(told, draft.kind, sdp);
    if (contradiction !== undefined) this.#add(draft, 'CODEC_CONTRADICTED', 'notice', shown(contradiction));
    if (codec === '')
      this.#add(draft, 'CODEC_UNKNOWN', 'damage', 'neither its metadata nor its SDP name a codec');
    else if (!isKnownCodec(codec))
      this.#add(draft, 'CODEC_UNSUPPORTED', 'notice', `its codec ${shown(codec)} is not supported yet`);
    return codec;
  }

  #noteTimes(draft: Draft): void {
    if (draft.unusableTimes.length === 0) return;
    const reason = `times in its metadata cannot be true and are not used: ${draft.unusableTimes.join(', ')}`;
    this.#add(draft, 'METADATA_TIMES_UNUSABLE', 'notice', reason);
  }

  #noteMissingSdp(draft: Draft): void {
    const match = this.#files.sdp.get(draft);
    if (match !== undefined && 'entry' in match) {
      // One that could not be read has been noted already.
      const { entry } = match;
      if (entry.refusal !== undefined) {
        this.#problems.add({ ...refusalProblem(entry, entry.refusal), ...idsOf(draft) });
      }
      return;
    }
    this.#add(draft, 'SDP_MISSING', 'notice', 'its SDP is not in the archive');
  }

  #add(
    draft: Draft,
    code: ArchiveProblem['code'],
    severity: ArchiveProblem['severity'],
    reason: string,
    entry?: ContainerEntry,
  ): void {
    this.#problems.add({
      code,
      severity,
      message: `${nameOf(draft)}: ${reason}`,
      ...(entry === undefined ? {} : { entry: entry.name }),
      ...idsOf(draft),
    });
  }
}

/** Entries that no segment accounts for: refused ones, and dumps that nobody lists. */
function noteLeftovers(
  entries: readonly ContainerEntry[],
  drafts: readonly Draft[],
  files: Files,
  problems: ProblemList,
): void {
  const used = new Set<ContainerEntry>();
  for (const draft of drafts) {
    for (const match of [files.dump.get(draft), files.sdp.get(draft)]) {
      if (match !== undefined) used.add('entry' in match ? match.entry : match.contested);
    }
  }
  for (const entry of entries) {
    if (used.has(entry) || entry.kind === 'metadata') continue;
    if (entry.refusal !== undefined) {
      problems.add(refusalProblem(entry, entry.refusal));
    } else if (entry.kind === 'dump') {
      problems.add({
        code: 'DUMP_UNLISTED',
        severity: 'notice',
        message: `${shown(entry.name)} is listed by no metadata: it is left out`,
        entry: entry.name,
      });
    }
  }
}

/** The call that most of the metadata speaks of; where two are level, the first by name. */
function callOf(loaded: readonly LoadedMetadata[]) {
  const calls = groupBy(loaded, ({ metadata: { fields } }) =>
    JSON.stringify([fields.call_type, fields.call_id, fields.call_session_id]),
  );
  const [most] = [...calls.entries()].sort(([a, as], [b, bs]) => bs.length - as.length || compareText(a, b));
  const group = most?.[1] ?? [];
  const fields = group[0]?.metadata.fields;
  const starts = group.flatMap(({ metadata }) => readStartTime(metadata.fields.call_start_time) ?? []);
  return {
    callType: fields?.call_type ?? '',
    callId: fields?.call_id ?? '',
    callSessionId: fields?.call_session_id ?? '',
    ...(starts.length === 0 ? {} : { callStartMs: least(starts) }),
  };
}

function zeroOf(drafts: readonly Draft[]): { zeroUnixMs?: number } {
  const starts = drafts.flatMap(({ timing }) => timing.firstRtpUnixMs ?? []);
  return starts.length === 0 ? {} : { zeroUnixMs: least(starts) };
}

function compareTracks(a: Track, b: Track): number {
  return (
    compareText(a.kind, b.kind) ||
    Number(a.screenshare) - Number(b.screenshare) ||
    compareNumbers(a.startsAtMs, b.startsAtMs) ||
    compareText(a.trackId, b.trackId)
  );
}

/** What is missing comes last. */
function compareNumbers(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a - b;
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function nameOf(draft: Draft): string {
  return `${shown(draft.userId)} ${draft.kind} ${shown(draft.base || draft.listed.fields.base_filename)}`;
}

function idsOf({ userId, sessionId, trackId, base }: Draft) {
  return { userId, sessionId, trackId, segment: base };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key);
}
