import type { Recording, Segment, Track } from '@rawreel/archive';
import { type Codec, parseSessionDescription } from '@rawreel/rtp';
import { individualFileNames, type NamedTrack } from './file-names.ts';
import type { PlannedSegment, PlannedTrack } from './plan.ts';

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['audio/opus', 'opus'],
  ['video/vp8', 'vp8'],
  ['video/vp9', 'vp9'],
  ['video/h264', 'h264'],
  ['video/av1', 'av1'],
]);

/** A track of the recording as outputs can be made of it; its number is its place among all of them. */
export interface Candidate {
  readonly number: number;
  readonly from: Track;
  readonly planned: PlannedTrack;
  /** What the names of files that it is in are made of. */
  readonly named: NamedTrack;
  readonly file: string;
}

/**
 * All that outputs can be made of. One per codec of a track, for a file's track has one codec: the segments in the codec
 * it starts with under the track's own name, those in another under one that names the codec.
 */
export function candidatesOf(recording: Recording, timestampMs: number): Candidate[] {
  const parts = recording.tracks.flatMap((track) => {
    const segments = track.segments.map(planSegment);
    const codecs = [...new Set(segments.map(({ codec }) => codec).filter((codec) => codec !== undefined))];
    const [first, ...others] = codecs;
    const own = segments.filter(({ codec }) => codec === undefined || codec === first);
    return [
      { from: track, planned: planTrack(track, own), named: track as NamedTrack },
      ...others.map((codec) => ({
        from: track,
        planned: planTrack(
          track,
          segments.filter((segment) => segment.codec === codec),
        ),
        named: { ...track, laterCodec: codec },
      })),
    ];
  });
  const names = individualFileNames(
    parts.map(({ named, from: { kind } }) => ({
      track: named,
      media: `${kind}_only`,
      extension: 'mkv',
      timestampMs,
    })),
  );
  return parts.map((part, number) => ({ number, ...part, file: names[number] ?? '' }));
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

function planSegment(segment: Segment): PlannedSegment {
  const codec = segmentCodec(segment);
  return {
    base: segment.base,
    ...(codec === undefined ? {} : { codec }),
    timing: segment.timing,
    ...(segment.dump === undefined ? {} : { dump: segment.dump }),
    ...(segment.sdp === undefined ? {} : { sdp: segment.sdp }),
  };
}

/** The metadata's codec, unless the SDP, which describes what was on the wire, knows only another. */
function segmentCodec(segment: Segment): Codec | undefined {
  const named = CODECS.get(segment.codec.toLowerCase());
  if (segment.sdp === undefined) return named;
  const media = parseSessionDescription(segment.sdp);
  const described = media.payloadTypes
    .map((payloadType) =>
      CODECS.get(`${media.kind}/${media.formats.get(payloadType)?.name ?? ''}`.toLowerCase()),
    )
    .filter((codec) => codec !== undefined);
  return named !== undefined && (described.length === 0 || described.includes(named)) ? named : described[0];
}
