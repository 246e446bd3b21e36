import { placeRuns, type RunScan } from './place-runs.ts';
import { solveSession, type TrackClock } from './solve-session.ts';
import { type TrackRun, trackRuns } from './track-runs.ts';

/** A track as its scan left it. */
export interface ScannedTrack {
  /** Tracks of the same session share their participant's clock. */
  readonly session: string;
  readonly clockRate: number;
  /** In the order of the recording; a segment may have none. */
  readonly runsOfSegments: readonly (readonly RunScan[])[];
}

export interface SolvedTrack {
  /** None where the track has no packets. */
  readonly runs: readonly TrackRun[];
  readonly clock: TrackClock;
}

/**
 * Places all tracks on the server's clock, in the order given: each by its own packets first, then together with the
 * others of its session. Two sessions meet on the server's clock only, never on their participants'.
 */
export function solveClocks(tracks: readonly ScannedTrack[]): SolvedTrack[] {
  const placed = tracks.map(({ session, clockRate, runsOfSegments }) => ({
    session,
    clockRate,
    runs: placeRuns(runsOfSegments.flat(), clockRate),
  }));
  const solved = new Map<(typeof placed)[number], SolvedTrack>();
  for (const session of Map.groupBy(placed, (track) => track.session).values()) {
    for (const [index, { runs, clock }] of solveSession(session).entries()) {
      const track = session[index];
      if (track !== undefined) solved.set(track, { runs: trackRuns(runs), clock });
    }
  }
  return placed.flatMap((track) => solved.get(track) ?? []);
}
