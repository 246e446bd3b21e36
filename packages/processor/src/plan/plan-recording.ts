import type { Recording } from '@rawreel/archive';
import type { TrackProblem } from '../track-problem.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { checkDistinct } from './distinct-files.ts';
import {
  type Plan,
  type PlannedOutput,
  type PlannedTrack,
  type PlanRequest,
  type TrackOutput,
  tracksOf,
} from './plan.ts';
import { planComposite } from './plan-composite.ts';
import { planEditor, planPodcast } from './plan-handoff.ts';
import { planMix } from './plan-mix.ts';
import { planMuxed } from './plan-muxed.ts';
import { planTranscription } from './plan-transcription.ts';
import { nothingOfTheKind, selectTracks } from './select-tracks.ts';

/**
 * What a run over this recording would do. Reads the metadata only.
 *
 * @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK (with the
 * known ids in `details.known`), ERR_NOTHING_TO_EXTRACT, ERR_CONTAINER_CODEC, ERR_MIX_LAYOUT, ERR_COMPOSITE_LOOK, ERR_OUTPUTS_COLLIDE.
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
    ...(request.outputs.includes('composite')
      ? planComposite(candidates, request.composite ?? {}, recording, timestampMs)
      : []),
    ...(request.outputs.includes('editor')
      ? planEditor(candidates, chosen, request.editor ?? {}, recording, timestampMs)
      : []),
    ...(request.outputs.includes('podcast')
      ? planPodcast(chosen, request.podcast ?? {}, recording, timestampMs)
      : []),
  ];
  if (planned.length === 0) throw nothingOfTheKind(recording, request, selected.size, muxed.problems);
  checkDistinct(planned);
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

const singleOutput = ({ number, planned, file }: Candidate): TrackOutput => ({
  kind: planned.kind,
  file,
  track: number,
});

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
