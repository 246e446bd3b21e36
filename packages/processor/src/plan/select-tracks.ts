import type { Recording, Track } from '@rawreel/archive';
import { ProcessorError, type ProcessorErrorCode } from '../processor-error.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { PlanRequest } from './plan.ts';

/** @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK */
export function selectTracks(recording: Recording, request: PlanRequest): readonly Track[] {
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

/** Why nothing can be made of what was selected. */
export function nothingOfTheKind(
  recording: Recording,
  request: PlanRequest,
  selected: number,
  problems: readonly TrackProblem[],
): ProcessorError {
  const scope = selected === recording.tracks.length ? 'this recording' : 'what was selected';
  if (problems.length > 0) {
    return new ProcessorError(
      'ERR_NOTHING_TO_EXTRACT',
      `no audio track in ${scope} has a video track to mux with`,
      {
        hint: 'Add --include-single to write tracks without a partner, or extract them as they are.',
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
  composite: 'audio or video',
  editor: 'audio or video',
  podcast: 'audio',
} as const;
