import { inspectCall } from '../inspect/inspect-call.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { Plan } from '../plan/plan.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { placeTracks } from './place-tracks.ts';
import type { ScannedTracks } from './scan-tracks.ts';

export interface ScannedCall {
  readonly plan: Plan;
  /** With what was seen of the tracks. */
  readonly scanned: ScannedTracks;
  readonly inPlace: Awaited<ReturnType<typeof placeTracks>>;
  readonly zeroUnixMs: number;
  readonly anonymous?: boolean | undefined;
}

export function inspectionOf({ plan, scanned, inPlace, zeroUnixMs, anonymous }: ScannedCall): Inspection {
  const tracks = [...inPlace.placed].flatMap(([number, track]) => {
    const result = scanned.results.get(number);
    if (result?.observed === undefined) return [];
    return [{ placed: track, dumps: result.observed }];
  });
  const read = new Set(tracks.map(({ placed }) => placed.track));
  const unread = plan.tracks.filter((track) => track.ifSent !== true && !read.has(track)).length;
  const problems = [...plan.problems, ...scanned.problems, ...inPlace.problems, ...unreadable(plan, scanned)];
  return inspectCall({ call: plan.call, zeroUnixMs, tracks, problems, unread, anonymous });
}

/** Tracks that could not be read at all are told of, as nothing is measured of them. */
function unreadable(plan: Plan, { unusable }: ScannedTracks): TrackProblem[] {
  return [...unusable].flatMap(([number, reason]) => {
    const track = plan.tracks[number];
    if (track === undefined || track.ifSent === true) return [];
    const { userId, sessionId, trackId } = track;
    const message = reason instanceof Error ? reason.message : String(reason);
    return [{ code: 'DUMP_NO_MEDIA', severity: 'notice', message, userId, sessionId, trackId } as const];
  });
}
