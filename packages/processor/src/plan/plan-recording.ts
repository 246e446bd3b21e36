import { printable, type Recording, type Segment, type Track } from '@rawreel/archive';
import { type Codec, parseSessionDescription } from '@rawreel/rtp';
import { ProcessorError, type ProcessorErrorCode } from '../processor-error.ts';
import type { TrackProblem } from '../report/report.ts';
import { checkContainer } from './containers.ts';
import { compositeFileName, individualFileName, individualFileNames } from './file-names.ts';
import { checkPerUser } from './mix-layouts.ts';
import { pairTracks } from './pair-tracks.ts';
import {
  type MixOutput,
  type MuxedOutput,
  type Plan,
  type PlannedOutput,
  type PlannedSegment,
  type PlannedTrack,
  type PlanRequest,
  type TrackOutput,
  tracksOf,
} from './plan.ts';
import { planTranscription } from './plan-transcription.ts';

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
 * known ids in `details.known`), ERR_NOTHING_TO_EXTRACT, ERR_CONTAINER_CODEC, ERR_MIX_LAYOUT.
 */
export function planRecording(recording: Recording, request: PlanRequest): Plan {
  const selected = new Set(selectTracks(recording, request));
  const timestampMs = recording.callStartMs ?? recording.zeroUnixMs ?? 0;
  const candidates = candidatesOf(recording, timestampMs);
  const chosen = candidates.filter(({ from }) => selected.has(from));
  const muxed = request.outputs.includes('muxed')
    ? planMuxed(candidates, chosen, request, timestampMs)
    : NOTHING;
  const planned = [
    ...chosen.filter(({ planned: { kind } }) => request.outputs.includes(kind)).map(singleOutput),
    ...muxed.outputs,
    ...(request.outputs.includes('mix') ? planMix(candidates, chosen, request, recording, timestampMs) : []),
    ...(request.outputs.includes('transcription')
      ? planTranscription(
          recording,
          chosen.map(({ planned, number }) => ({ number, ...planned })),
          timestampMs,
        )
      : []),
  ];
  if (planned.length === 0) throw nothingOfTheKind(recording, request, selected.size, muxed.problems);
  const { tracks, outputs } = renumbered(candidates, planned);
  const used = [...new Set(outputs.flatMap(tracksOf))].flatMap((number) => tracks[number] ?? []);
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
    tracks,
    outputs,
    problems: [...recording.problems.filter((problem) => concerns(problem, used)), ...muxed.problems],
  };
}

const NOTHING = { outputs: [], problems: [] } as const;

/** A track of the recording as outputs can be made of it; its number is its place among all of them. */
interface Candidate {
  readonly number: number;
  readonly from: Track;
  readonly planned: PlannedTrack;
  readonly file: string;
}

/**
 * All that outputs can be made of. One per codec of a track, for a file's track has one codec: the segments in the codec
 * it starts with under the track's own name, those in another under one that names the codec.
 */
function candidatesOf(recording: Recording, timestampMs: number): Candidate[] {
  const partsOf = (track: Track) =>
    ({ track, media: `${track.kind}_only`, extension: 'mkv', timestampMs }) as const;
  const names = individualFileNames(recording.tracks.map(partsOf));
  return recording.tracks
    .flatMap((track, index) => {
      const segments = track.segments.map(planSegment);
      const codecs = [...new Set(segments.map(({ codec }) => codec).filter((codec) => codec !== undefined))];
      const [first, ...others] = codecs;
      const own = segments.filter(({ codec }) => codec === undefined || codec === first);
      return [
        { from: track, planned: planTrack(track, own), file: names[index] ?? '' },
        ...others.map((codec) => ({
          from: track,
          planned: planTrack(
            track,
            segments.filter((segment) => segment.codec === codec),
          ),
          file: individualFileName(partsOf({ ...track, trackId: `${track.trackId}-${codec}` }), true),
        })),
      ];
    })
    .map((candidate, number) => ({ number, ...candidate }));
}

const singleOutput = ({ number, planned, file }: Candidate): TrackOutput => ({
  kind: planned.kind,
  file,
  track: number,
});

/** Names and pairs are the recording's, whatever part of it is asked for. */
function planMuxed(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  { muxed: { media = 'both', container = 'mkv', includeSingle = false } = {} }: PlanRequest,
  timestampMs: number,
): { outputs: MuxedOutput[]; problems: TrackProblem[] } {
  const isAsked = (number: number) => chosen.some((candidate) => candidate.number === number);
  const groups = pairTracks(candidates.map(({ planned }) => planned)).filter(({ screenshare }) =>
    media === 'both' ? true : screenshare === (media === 'display'),
  );
  const names = individualFileNames(
    groups.map(({ names: track }) => ({
      track: { ...(candidates[track]?.from as Track) },
      media: 'audio_video',
      extension: container,
      timestampMs,
    })),
  );
  const outputs: MuxedOutput[] = [];
  const problems: TrackProblem[] = [];
  for (const [index, { tracks }] of groups.entries()) {
    if (!tracks.some(isAsked)) continue;
    const planned = tracks.flatMap((number) => candidates[number]?.planned ?? []);
    const [single, partner] = planned;
    if (single !== undefined && partner === undefined) problems.push(unpaired(single, includeSingle));
    if (partner === undefined && !includeSingle) continue;
    for (const track of planned) checkContainer(track, container);
    outputs.push({ kind: 'muxed', file: names[index] ?? '', container, tracks });
  }
  return { outputs, problems };
}

function unpaired(track: PlannedTrack, isIncluded: boolean): TrackProblem {
  const { userId, sessionId, trackId, kind } = track;
  const other = kind === 'audio' ? 'video' : 'audio';
  const end = isIncluded ? 'written by itself' : 'not muxed (--include-single writes it by itself)';
  const message = `${printable(userId)} ${kind} has no ${other} to be muxed with: ${end}`;
  return { code: 'TRACK_UNPAIRED', severity: 'notice', message, userId, sessionId, trackId };
}

/** Of everybody, where only a part was chosen for the other outputs; of what was chosen, where a mix is all there is. */
function planMix(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  {
    outputs,
    mix: { format = 'mp3', layout, bitrateKbps, loudnessLufs, screenshare = true } = {},
  }: PlanRequest,
  recording: Recording,
  timestampMs: number,
): MixOutput[] {
  const voices = (outputs.length === 1 ? chosen : candidates).filter(
    ({ planned }) => planned.kind === 'audio' && (screenshare || !planned.screenshare),
  );
  if (voices.length === 0) return [];
  if (layout === 'per-user') checkPerUser(format, new Set(voices.map(({ planned }) => planned.userId)).size);
  const call = { type: recording.callType, id: recording.callId };
  return [
    {
      kind: 'mix',
      file: compositeFileName(call, format, timestampMs),
      format,
      ...(layout === undefined ? {} : { layout }),
      ...(bitrateKbps === undefined ? {} : { bitrateKbps }),
      ...(loudnessLufs === undefined ? {} : { loudnessLufs }),
      tracks: voices.map(({ number }) => number),
    },
  ];
}

/**
 * The plan holds the tracks that its outputs need, and beside pictures the sound of their sessions: it is little, and tells
 * how much later pictures arrive, so that files of several runs lie together.
 */
function renumbered(
  candidates: readonly Candidate[],
  planned: readonly PlannedOutput[],
): { tracks: PlannedTrack[]; outputs: PlannedOutput[] } {
  const needed = new Set(planned.flatMap(tracksOf));
  const sessionOf = ({ planned: { userId, sessionId } }: Candidate) => JSON.stringify([userId, sessionId]);
  const pictured = new Set(
    candidates
      .filter(({ number, planned: { kind } }) => needed.has(number) && kind === 'video')
      .map(sessionOf),
  );
  const kept = candidates.filter(
    (candidate) =>
      needed.has(candidate.number) ||
      (candidate.planned.kind === 'audio' && pictured.has(sessionOf(candidate))),
  );
  const numbers = new Map(kept.map(({ number }, index) => [number, index]));
  const numberOf = (number: number) => numbers.get(number) ?? 0;
  return {
    tracks: kept.map((candidate) => candidate.planned),
    outputs: planned.map((output) =>
      'tracks' in output
        ? { ...output, tracks: output.tracks.map(numberOf) }
        : { ...output, track: numberOf(output.track) },
    ),
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
  selected: number,
  problems: readonly TrackProblem[],
): ProcessorError {
  const scope = selected === recording.tracks.length ? 'this recording' : 'what was selected';
  if (problems.length > 0) {
    return new ProcessorError(
      'ERR_NOTHING_TO_EXTRACT',
      `no audio track in ${scope} has a video to be muxed with`,
      {
        hint: 'Write tracks without a partner too with --include-single, or extract them as they are.',
      },
    );
  }
  if (request.muxed?.media === 'display' && request.outputs.length === 1) {
    return new ProcessorError('ERR_NOTHING_TO_EXTRACT', `nobody shared a screen in ${scope}`, {
      hint: 'Use --media both, or user, for microphones and cameras.',
    });
  }
  const kinds = request.outputs.map((output) => KIND_NAMES[output]).join(' or ');
  return new ProcessorError('ERR_NOTHING_TO_EXTRACT', `there is no ${kinds} track in ${scope}`, {
    hint: `It has ${selected} ${selected === 1 ? 'track' : 'tracks'}, none of them ${kinds}.`,
  });
}

const KIND_NAMES = {
  audio: 'audio',
  video: 'video',
  muxed: 'audio or video',
  mix: 'audio',
  transcription: 'microphone',
} as const;

/** A problem of one track concerns the plan only when that track is in it; one of a session or the archive always does. */
function concerns(problem: TrackProblem, tracks: readonly PlannedTrack[]): boolean {
  if (problem.trackId === undefined) return true;
  return tracks.some(
    (track) =>
      track.trackId === problem.trackId &&
      (problem.sessionId === undefined || track.sessionId === problem.sessionId) &&
      (problem.userId === undefined || track.userId === problem.userId),
  );
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
