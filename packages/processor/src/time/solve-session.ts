import { layRuns } from './lay-runs.ts';
import { placePieces } from './place-pieces.ts';
import type { PlacedRun } from './placed-run.ts';
import { type RatedTrack, ratedTrack, type SessionTrack } from './rated-track.ts';
import { JITTER_MS } from './scales.ts';
import { type ReportsOfPieces, sessionReports } from './session-reports.ts';
import { type TrackClock, trackClock } from './track-clock.ts';

export interface PlacedSession {
  readonly tracks: readonly { readonly runs: readonly PlacedRun[]; readonly clock: TrackClock }[];
  /**
   * How much later than the participant's clock says its least delayed packet was received: the network's least delay, and
   * what that clock is wrong by. Absent without reports, and where that clock runs fast or slow.
   */
  readonly behindMs?: number;
}

/**
 * Follows the clocks of one session's tracks: on the participant's clock by their reports, from there to the server's by the least
 * delayed packets of all, and by their own where there are no reports.
 */
export function* solveSession(tracks: readonly SessionTrack[]): Generator<void, PlacedSession, void> {
  const ratedTracks: RatedTrack[] = [];
  for (const track of tracks) {
    ratedTracks.push(ratedTrack(track));
    yield;
  }
  const { reportsOfTracks, clock } = sessionReports(ratedTracks);
  const solved: { runs: PlacedRun[]; clock: TrackClock }[] = [];
  for (const [index, rated] of ratedTracks.entries()) {
    const { placed, residuals, apart } = placePieces(rated, reportsOfTracks[index] as ReportsOfPieces, clock);
    solved.push({
      runs: layRuns(rated, placed, residuals.length > 0),
      clock: trackClock(rated, placed, residuals, apart, clock?.untoldMs ?? 0),
    });
    yield;
  }
  // A clock that gains more than this on the server's during a call is not set by NTP, and right at no more than a moment.
  const isKept = clock !== undefined && Math.abs(gainOf(clock.slope, solved)) <= JITTER_MS;
  return { tracks: solved, ...(isKept ? { behindMs: clock.behindMs } : {}) };
}

/** What the server's clock gains on the participant's from the first to the last moment of all tracks. */
function gainOf(slope: number, tracks: PlacedSession['tracks']): number {
  const runs = tracks.flatMap((track) => track.runs);
  const startMs = runs.reduce((least, run) => Math.min(least, run.startMs), Number.POSITIVE_INFINITY);
  const endMs = runs.reduce((most, run) => Math.max(most, run.endMs), startMs);
  return slope * (endMs - startMs);
}
