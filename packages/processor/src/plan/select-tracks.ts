import type { Recording, Track } from '@rawreel/archive';
import { printable, someOf } from '@rawreel/text';
import { ProcessorError, type ProcessorErrorCode } from '../processor-error.ts';
import type { TrackProblem } from '../track-problem.ts';
import { OUTPUTS } from './choices.ts';
import type { PlanRequest } from './plan.ts';

/** @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK */
export function selectTracks(recording: Recording, request: PlanRequest): readonly Track[] {
  const filters = [
    {
      ids: idsIn(request.userId),
      of: (track: Track) => track.userId,
      code: 'ERR_NO_SUCH_USER',
      what: 'user',
    },
    {
      ids: idsIn(request.sessionId),
      of: (track: Track) => track.sessionId,
      code: 'ERR_NO_SUCH_SESSION',
      what: 'session',
    },
    {
      ids: idsIn(request.trackId),
      of: (track: Track) => track.trackId,
      code: 'ERR_NO_SUCH_TRACK',
      what: 'track',
    },
  ] as const;
  const given = filters.filter(({ ids }) => ids.length > 0);
  if (given.length > 1) {
    throw new ProcessorError('ERR_FILTERS_EXCLUSIVE', 'only one of user, session and track id can be given', {
      hint: 'A track belongs to one session, and a session to one user: give what is narrowest.',
    });
  }
  const [filter] = given;
  if (filter === undefined) return recording.tracks;
  const known = [...new Set(recording.tracks.map(filter.of))].sort();
  const missing = filter.ids.find((id) => !known.includes(id));
  if (missing !== undefined) throw noSuch(filter.code, filter.what, missing, known);
  return recording.tracks.filter((track) => filter.ids.includes(filter.of(track)));
}

const idsIn = (given: string | readonly string[] | undefined): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;

/** An id that nobody has, with those that there are. */
export function noSuch(
  code: ProcessorErrorCode,
  what: string,
  id: string,
  known: readonly string[],
): ProcessorError {
  return new ProcessorError(code, `no ${what} ${JSON.stringify(id)} in this recording`, {
    hint: known.length === 0 ? `It has no ${what}s.` : `It has ${someOf(known.map(printable))}.`,
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
  if (request.outputs.length === 0) {
    return new ProcessorError('ERR_NOTHING_TO_EXTRACT', 'no outputs are asked for', {
      hint: `Name one or several: ${OUTPUTS.join(', ')}.`,
    });
  }
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
