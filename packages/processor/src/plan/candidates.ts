import type { Recording, Segment, Track } from '@rawreel/archive';
import { CODECS, type Codec, codecOfMime } from '@rawreel/rtp';
import { individualFileNames, type NamedTrack, type Naming } from './file-names.ts';
import { otherCodecsOf } from './other-codecs.ts';
import type { PlannedSegment, PlannedTrack } from './plan.ts';

/** A track of the recording as outputs can be made of it; its number is its place among all of them. */
export interface Candidate {
  readonly number: number;
  readonly from: Track;
  readonly planned: PlannedTrack;
  /** What the names of files that it is in are made of. */
  readonly named: NamedTrack;
  readonly file: string;
  /** Whether muxed files are made of it; those of a track that are not certain, or cannot be made, come last. */
  readonly isMuxed: boolean;
}

type Unnamed = Omit<Candidate, 'number' | 'file'>;

/**
 * All that outputs can be made of. One per codec of a track, for a file's track has one codec: the segments in the codec
 * it starts with under the track's own name, those in another under one that names the codec. Behind all of them those
 * that exist only if a sender changed its codec within a segment.
 */
export function candidatesOf(recording: Recording, naming: Naming): Candidate[] {
  const certain: Unnamed[] = [];
  const apart: Unnamed[] = [];
  for (const track of recording.tracks) {
    const segments = track.segments.map((segment) => planSegment(segment, track.kind));
    const [first, ...others] = new Set(segments.map(codecNameOf).filter((codec) => codec !== undefined));
    const own = segments.filter((segment) => [undefined, first].includes(codecNameOf(segment)));
    certain.push({ from: track, planned: planTrack(track, own), named: track, isMuxed: true });
    for (const codec of others) {
      const those = segments.filter((segment) => codecNameOf(segment) === codec);
      const isMuxed = those.some((segment) => segment.codec !== undefined);
      const named = { ...track, laterCodec: encodingOf(codec) };
      (isMuxed ? certain : apart).push({ from: track, planned: planTrack(track, those), named, isMuxed });
    }
    for (const [codec, those] of changesOf(segments)) {
      if (others.includes(codec) || first === codec) continue;
      const planned: PlannedTrack = { ...planTrack(track, those), ifSent: true };
      apart.push({ from: track, planned, named: { ...track, laterCodec: codec }, isMuxed: false });
    }
  }
  const all = [...certain, ...apart];
  const names = individualFileNames(
    all.map(({ named, from: { kind } }) => ({
      track: named,
      media: `${kind}_only`,
      extension: 'mkv',
      ...naming,
    })),
  );
  return all.map((candidate, number) => ({ number, ...candidate, file: names[number] ?? '' }));
}

const codecNameOf = ({ codec, unsupportedCodec }: PlannedSegment): string | undefined =>
  codec ?? unsupportedCodec?.toLowerCase();

const encodingOf = (codec: string): string => codec.slice(codec.indexOf('/') + 1);

/** The segments that may go on in another codec, by that codec, as if it were theirs. */
function changesOf(segments: readonly PlannedSegment[]): Map<Codec, PlannedSegment[]> {
  const changes = new Map<Codec, PlannedSegment[]>();
  for (const segment of segments) {
    if (segment.codec === undefined || segment.dump === undefined) continue;
    for (const codec of otherCodecsOf(segment.codec, segment.sdp)) {
      const those = changes.get(codec) ?? [];
      those.push({ ...segment, codec });
      changes.set(codec, those);
    }
  }
  return changes;
}

function planTrack(track: Track, segments: readonly PlannedSegment[]): PlannedTrack {
  return {
    userId: track.userId,
    sessionId: track.sessionId,
    trackId: track.trackId,
    trackType: track.trackType,
    kind: track.kind,
    screenshare: track.screenshare,
    segments,
  };
}

function planSegment({ base, codec: mime, timing, dump, sdp }: Segment, kind: Track['kind']): PlannedSegment {
  const known = codecOfMime(mime);
  const codec = known !== undefined && CODECS[known].kind === kind ? known : undefined;
  return {
    base,
    ...(codec === undefined ? {} : { codec }),
    ...(codec === undefined && mime !== '' ? { unsupportedCodec: mime } : {}),
    timing,
    ...(dump === undefined ? {} : { dump }),
    ...(sdp === undefined ? {} : { sdp }),
  };
}
