import type { ArchiveProblem, Recording, Segment, Track } from '@rawreel/archive';
import { type Codec, parseSessionDescription } from '@rawreel/rtp';
import { ProcessorError, type ProcessorErrorCode } from '../processor-error.ts';
import { individualFileName, individualFileNames } from './file-names.ts';
import type { Plan, PlannedOutput, PlannedSegment, PlannedTrack, PlanRequest } from './plan.ts';

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['audio/opus', 'opus'],
  ['video/vp8', 'vp8'],
  ['video/vp9', 'vp9'],
  ['video/h264', 'h264'],
  ['video/av1', 'av1'],
]);

/**
 * What a run over this recording would do. Reads the metadata only.
 *
 * @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK (with the
 * known ids in `details.known`), ERR_NOTHING_TO_EXTRACT.
 */
export function planRecording(recording: Recording, request: PlanRequest): Plan {
  const selected = selectTracks(recording, request);
  const wanted = selected.filter((track) => request.outputs.includes(track.kind));
  if (wanted.length === 0) throw nothingOfTheKind(recording, request, selected);
  const timestampMs = recording.callStartMs ?? recording.zeroUnixMs ?? 0;
  const names = individualFileNames(recording.tracks, timestampMs);
  const outputs = wanted.flatMap((track) => planOutputs(track, timestampMs, names.get(track) ?? ''));
  return {
    version: 1,
    source: recording.source,
    call: {
      type: recording.callType,
      id: recording.callId,
      sessionId: recording.callSessionId,
      ...(recording.callStartMs === undefined ? {} : { startMs: recording.callStartMs }),
    },
    ...(recording.zeroUnixMs === undefined ? {} : { zeroUnixMs: recording.zeroUnixMs }),
    gaps: request.gaps ?? 'fill',
    dtx: request.dtx ?? 'fill',
    align: request.align ?? 'track',
    outputs,
    problems: recording.problems.filter((problem) => concerns(problem, wanted)),
  };
}

function selectTracks(recording: Recording, request: PlanRequest): readonly Track[] {
  const filters = [
    { id: request.userId, of: (track: Track) => track.userId, code: 'ERR_NO_SUCH_USER', what: 'user' },
    {
      id: request.sessionId,
      of: (track: Track) => track.sessionId,
      code: 'ERR_NO_SUCH_SESSION',
      what: 'session',
    },
    { id: request.trackId, of: (track: Track) => track.trackId, code: 'ERR_NO_SUCH_TRACK', what: 'track' },
  ] as const;
  const given = filters.filter(({ id }) => id !== undefined);
  if (given.length > 1) {
    throw new ProcessorError('ERR_FILTERS_EXCLUSIVE', 'only one of user, session and track id can be given');
  }
  const [filter] = given;
  if (filter === undefined) return recording.tracks;
  const matching = recording.tracks.filter((track) => filter.of(track) === filter.id);
  if (matching.length > 0) return matching;
  const known = [...new Set(recording.tracks.map(filter.of))].sort();
  const code: ProcessorErrorCode = filter.code;
  throw new ProcessorError(code, `no ${filter.what} ${JSON.stringify(filter.id)} in this recording`, {
    known,
  });
}

function nothingOfTheKind(
  recording: Recording,
  request: PlanRequest,
  selected: readonly Track[],
): ProcessorError {
  const kinds = request.outputs.join(' or ');
  const scope = selected.length === recording.tracks.length ? 'this recording' : 'what was selected';
  return new ProcessorError('ERR_NOTHING_TO_EXTRACT', `there is no ${kinds} track in ${scope}`, {
    hint: `It has ${selected.length} ${selected.length === 1 ? 'track' : 'tracks'}, none of them ${kinds}.`,
  });
}

/** A problem of one track concerns the plan only when that track is in it; one of a session or the archive always does. */
function concerns(problem: ArchiveProblem, tracks: readonly Track[]): boolean {
  if (problem.trackId === undefined) return true;
  return tracks.some(
    (track) =>
      track.trackId === problem.trackId &&
      (problem.sessionId === undefined || track.sessionId === problem.sessionId) &&
      (problem.userId === undefined || track.userId === problem.userId),
  );
}

/**
 * One output per codec of the track, for a file's track has one codec: the segments in the codec it starts with under
 * the track's own name, those in another under one that names the codec.
 */
function planOutputs(track: Track, timestampMs: number, file: string): PlannedOutput[] {
  const segments = track.segments.map(planSegment);
  const codecs = [...new Set(segments.map(({ codec }) => codec).filter((codec) => codec !== undefined))];
  const [first, ...others] = codecs;
  return [
    { file, kept: segments.filter(({ codec }) => codec === undefined || codec === first) },
    ...others.map((codec) => ({
      file: individualFileName({ ...track, trackId: `${track.trackId}-${codec}` }, timestampMs, true),
      kept: segments.filter((segment) => segment.codec === codec),
    })),
  ].map(({ file, kept }) => ({ kind: track.kind, file, track: planTrack(track, kept) }));
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
