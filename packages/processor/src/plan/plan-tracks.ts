import type { Recording } from '@rawreel/archive';
import { candidatesOf } from './candidates.ts';
import type { Plan, PlanRequest } from './plan.ts';
import { namedMs, planHead } from './plan-head.ts';
import { selectTracks } from './select-tracks.ts';

/**
 * A plan that reads tracks and makes nothing.
 *
 * @throws {ProcessorError} ERR_FILTERS_EXCLUSIVE, ERR_NO_SUCH_USER, ERR_NO_SUCH_SESSION, ERR_NO_SUCH_TRACK
 */
export function planTracks(
  recording: Recording,
  filter: Pick<PlanRequest, 'userId' | 'sessionId' | 'trackId'>,
): Plan {
  const selected = new Set(selectTracks(recording, { ...filter, outputs: [] }));
  const candidates = candidatesOf(recording, namedMs(recording));
  return {
    ...planHead(recording),
    gaps: 'fill',
    dtx: 'fill',
    align: 'recording',
    tracks: candidates.filter(({ from }) => selected.has(from)).map(({ planned }) => planned),
    outputs: [],
    problems: recording.problems,
  };
}
