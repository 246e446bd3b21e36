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
  const placed = tracks.flatMap(({ session, clockRate, runsOfSegments }, track) =>
    layersOf(runsOfSegments.flat()).map((runs) => ({ track, session, clockRate, runs })),
  );
  const sessions: { tracks: typeof placed; solved: PlacedSession }[] = [];
  for (const tracks of Map.groupBy(placed, (track) => track.session).values())
    sessions.push({ tracks, solved: yield* solveSession(tracks) });
  const excesses = excessDelays(sessions.map(({ solved }) => solved.behindMs));
  const solved = new Map<(typeof placed)[number], { runs: readonly PlacedRun[]; clock: TrackClock }>();
  for (const [number, session] of sessions.entries()) {
    for (const [index, { runs, clock }] of session.solved.tracks.entries()) {
      const track = session.tracks[index];
      const earlier = earlierBy(runs, excesses[number] ?? 0);
      if (track !== undefined) solved.set(track, { runs: earlier, clock });
      yield;
    }
  }
  const layersOfTracks = Map.groupBy(placed, ({ track }) => track);
  return tracks.map((_, track) =>
    joined((layersOfTracks.get(track) ?? []).flatMap((layer) => solved.get(layer) ?? [])),
  );
}

/** Layers of one camera each have a clock of their own, and tell of the participant's like any other track. */
const layersOf = (runs: readonly RunScan[]): RunScan[][] =>
  runs.length === 0 ? [[]] : [...Map.groupBy(runs, ({ layer }) => layer ?? 0).values()];

/** A track's layers, one behind the other in each segment; what its place rests on is what the first rests on. */
function joined(layers: readonly { runs: readonly PlacedRun[]; clock: TrackClock }[]): SolvedTrack {
  const [first] = layers;
  if (first === undefined) throw new RangeError('a track without a layer');
  const runs = layers.flatMap((layer) => layer.runs).sort((a, b) => a.segment - b.segment);
  const uncertaintyMs = Math.max(...layers.map(({ clock }) => clock.uncertaintyMs));
  return { runs: trackRuns(runs), clock: { ...first.clock, uncertaintyMs } };
}

const earlierBy = (runs: readonly PlacedRun[], ms: number): PlacedRun[] =>
  runs.map((run) => ({
    ...run,
    startMs: run.startMs - ms,
    endMs: run.endMs - ms,
    clock: run.clock.map((piece) => ({ ...piece, startMs: piece.startMs - ms })),
  }));
