import type { PlacedRun } from './placed-run.ts';

/** Why there is time before a run that the source did not fill; `none` where it goes on from the run before. */
export type Boundary = 'before-start' | 'between-segments' | 'segment-missing' | 'source-silent' | 'none';

/** A run in its place among the others of its track. */
export interface TrackRun extends PlacedRun {
  readonly boundary: Boundary;
  /** Unix ms from which a later segment has the word. */
  readonly untilMs: number;
}

/** Says of a track's placed runs, in the order of the recording, what lies before each and how far it may reach. */
export function trackRuns(placed: readonly PlacedRun[]): TrackRun[] {
  /** Start of the first run of the nearest later segment, seen from the end. */
  let nextStartMs = Number.POSITIVE_INFINITY;
  return placed
    .map((run, index) => ({
      ...run,
      boundary: boundaryBefore(run, runBefore(placed, index)),
    }))
    .reverse()
    .map((run, index, reversed) => {
      const later = reversed[index - 1];
      if (later !== undefined && later.segment > run.segment) nextStartMs = later.startMs;
      return { ...run, untilMs: Math.max(nextStartMs, run.startMs + 1) };
    })
    .reverse();
}

/** The run before one, of the same layer where it is in the same segment. */
function runBefore(placed: readonly PlacedRun[], index: number): PlacedRun | undefined {
  const run = placed[index];
  for (let before = index - 1; before >= 0; before--) {
    const other = placed[before];
    if (other?.segment !== run?.segment || other?.layer === run?.layer) return other;
  }
  return undefined;
}

function boundaryBefore(
  run: Pick<PlacedRun, 'segment' | 'source'>,
  previous: PlacedRun | undefined,
): Boundary {
  if (previous === undefined) return 'before-start';
  if (previous.segment === run.segment) return run.source === 'continuous' ? 'none' : 'source-silent';
  return run.segment - previous.segment > 1 ? 'segment-missing' : 'between-segments';
}
