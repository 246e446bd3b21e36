import type { Recording, Track } from '@rawreel/archive';
import type { TrackProblem } from '../track-problem.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { checkDistinct } from './distinct-files.ts';
import { withSuffix } from './file-names.ts';
import { alignSuffix } from './name-suffix.ts';
import { nameTemplate } from './name-template.ts';
import {
  type Plan,
  type PlannedOutput,
  type PlannedTrack,
  type PlanRequest,
  type TrackOutput,
  tracksOf,
} from './plan.ts';
import { planComposite } from './plan-composite.ts';
import { cutSuffix, planCut } from './plan-cut.ts';
import { planEditor, planPodcast } from './plan-handoff.ts';
import { namedMs, planHead } from './plan-head.ts';
import { planMix } from './plan-mix.ts';
import { planMuxed } from './plan-muxed.ts';
import { planTranscription } from './plan-transcription.ts';
import { nothingOfTheKind, selectTracks } from './select-tracks.ts';

/**
 * What a run over this recording would do. Reads the metadata only.
 *
 * @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK (with the
 * known ids in `details.known`), ERR_NOTHING_TO_EXTRACT, ERR_CONTAINER_CODEC, ERR_MIX_LAYOUT, ERR_COMPOSITE_LOOK, ERR_NAME_TEMPLATE, ERR_NO_SUCH_TIME, ERR_OUTPUTS_COLLIDE.
 */
export const planRecording = (recording: Recording, request: PlanRequest): Plan =>
  planSelected(recording, new Set(selectTracks(recording, request)), request);

/**
 * The same, where a filter cannot say which tracks.
 *
 * @param selected of the recording's own
 */
export function planSelected(
  recording: Recording,
  selected: ReadonlySet<Track>,
  request: Omit<PlanRequest, 'userId' | 'sessionId' | 'trackId'>,
): Plan {
  const naming = {
    ...namedMs(recording),
    template: request.name === undefined ? undefined : nameTemplate(request.name),
  };
  const candidates = candidatesOf(recording, naming);
  const chosen = candidates.filter(({ from }) => selected.has(from));
  const muxed = request.outputs.includes('muxed') ? planMuxed(candidates, chosen, request, naming) : NOTHING;
  const planned = [
    ...chosen.filter(({ planned: { kind } }) => request.outputs.includes(kind)).map(singleOutput),
    ...muxed.outputs,
    ...(request.outputs.includes('mix') ? planMix(candidates, chosen, request, recording, naming) : []),
    ...(request.outputs.includes('transcription')
      ? planTranscription(
          recording,
          chosen.map(({ planned, number }) => ({ number, ...planned })),
          naming,
        )
      : []),
    ...(request.outputs.includes('composite')
      ? planComposite(candidates, request.composite ?? {}, recording, naming)
      : []),
    ...(request.outputs.includes('editor')
      ? planEditor(candidates, chosen, request.editor ?? {}, recording, naming)
      : []),
    ...(request.outputs.includes('podcast')
      ? planPodcast(candidates, chosen, request.podcast ?? {}, recording, naming)
      : []),
  ];
  if (planned.length === 0) throw nothingOfTheKind(recording, request, selected.size, muxed.problems);
  const cut = planCut(request, recording);
  const named = planned.map((output) => {
    const suffix = `${isHandedOn(output) ? '' : alignSuffix(output.kind, request)}${isCut(output) ? cutSuffix(cut) : ''}`;
    return { ...output, file: withSuffix(output.file, suffix) };
  });
  checkDistinct(named);
  const { tracks, outputs } = renumbered(candidates, named);
  const used = [...new Set(outputs.flatMap(tracksOf))].flatMap((number) => tracks[number] ?? []);
  return {
    ...planHead(recording),
    gaps: request.gaps ?? 'fill',
    dtx: request.dtx ?? 'fill',
    align: request.align ?? 'track',
    ...(cut === undefined ? {} : { cut }),
    tracks,
    outputs,
    problems: [...recording.problems.filter((problem) => concerns(problem, used)), ...muxed.problems],
  };
}

/** Of what a cut is made; a composite has its own, and who spoke when is told of all of a call. */
const isCut = ({ kind }: PlannedOutput): boolean =>
  kind === 'audio' || kind === 'video' || kind === 'muxed' || kind === 'mix';

/** All that is handed on lies on one clock, a podcast's mix too, whatever is asked for. */
const isHandedOn = (output: PlannedOutput): boolean => output.kind === 'mix' && output.chapters !== undefined;

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
