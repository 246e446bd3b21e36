import type { PlannedTrack } from '../plan/plan.ts';
import type { UnseenTime } from '../time/witnessed-runs.ts';
import type { TrackProblem } from '../track-problem.ts';

/** What is told of receive times that were not believed. */
export function timeUnseen(
  { segment: index, packets, byMs }: Omit<UnseenTime, 'track'>,
  track: PlannedTrack | undefined,
): TrackProblem | undefined {
  const segment = track?.segments[index];
  if (track === undefined || segment === undefined) return undefined;
  const { userId, sessionId, trackId } = track;
  const entry = segment.dump?.name ?? segment.base;
  const count = packets === 1 ? '1 packet says it was' : `${packets} packets say they were`;
  const message = `${entry}: ${count} received ${seconds(byMs)} ${byMs < 0 ? 'before' : 'after'} the others, a time that nothing else in the recording confirms; placed by the media clock`;
  return {
    code: 'TIME_UNCONFIRMED',
    severity: 'notice',
    message,
    userId,
    sessionId,
    trackId,
    segment: segment.base,
    entry,
  };
}

const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1000).toLocaleString('en')} s`;
