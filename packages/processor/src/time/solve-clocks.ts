import { atOnce } from '../in-turns.ts';
import { excessDelays } from './network-delay.ts';
import type { PlacedRun } from './placed-run.ts';
import type { RunScan } from './run-scan.ts';
import { type PlacedSession, solveSession } from './solve-session.ts';
import type { TrackClock } from './track-clock.ts';
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
 * Places all tracks on the server's clock, in the order given: each together with the others of its session. Two sessions meet on the server's clock only, never on their participants'.
 */
export const solveClocks = (tracks: readonly ScannedTrack[]): SolvedTrack[] => atOnce(solvingClocks(tracks));

/** The same piece by piece. */
export function* solvingClocks(tracks: readonly ScannedTrack[]): Generator<void, SolvedTrack[], void> {
  const placed = tracks.map(({ session, clockRate, runsOfSegments }) => ({
    session,
    clockRate,
    runs: runsOfSegments.flat(),
  }));
  const sessions: { tracks: typeof placed; solved: PlacedSession }[] = [];
  for (const tracks of Map.groupBy(placed, (track) => track.session).values())
    sessions.push({ tracks, solved: yield* solveSession(tracks) });
  const excesses = excessDelays(sessions.map(({ solved }) => solved.behindMs));
  const solved = new Map<(typeof placed)[number], SolvedTrack>();
  for (const [number, session] of sessions.entries()) {
    for (const [index, { runs, clock }] of session.solved.tracks.entries()) {
      const track = session.tracks[index];
      const earlier = earlierBy(runs, excesses[number] ?? 0);
      if (track !== undefined) solved.set(track, { runs: trackRuns(earlier), clock });
      yield;
    }
  }
  return placed.flatMap((track) => solved.get(track) ?? []);
}

const earlierBy = (runs: readonly PlacedRun[], ms: number): PlacedRun[] =>
  runs.map((run) => ({
    ...run,
    startMs: run.startMs - ms,
    endMs: run.endMs - ms,
    clock: run.clock.map((piece) => ({ ...piece, startMs: piece.startMs - ms })),
  }));
