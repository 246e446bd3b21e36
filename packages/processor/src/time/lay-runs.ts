import type { Piece } from './media-pieces.ts';
import type { PlacedPiece } from './place-pieces.ts';
import type { ClockPiece, PlacedRun } from './placed-run.ts';
import type { RatedTrack } from './rated-track.ts';

/** Slopes that differ by less than this, a millisecond in three hours, are one line. */
const SAME_SLOPE = 1e-7;

/** The track's runs, each with the lines of its pieces as its clock. */
export function layRuns(
  { track, pieces }: RatedTrack,
  placed: readonly PlacedPiece[],
  isReported: boolean,
): PlacedRun[] {
  const ticksPerMs = track.clockRate / 1000;
  const ofRuns = Map.groupBy(placed, ({ index }) => pieces[index]?.run);
  return track.runs.map((scan, run) => {
    const own = ofRuns.get(run) ?? [];
    const clock = joined(
      own.map(({ index, startMs, slope, goesOn }, number): ClockPiece => {
        const { fromMs, shiftMs } = pieces[index] as Piece;
        return {
          firstTicks: Math.round((fromMs - shiftMs) * ticksPerMs),
          startMs: fromMs + startMs,
          msPerTick: (1 + slope) / ticksPerMs,
          goesOn: number > 0 && goesOn,
        };
      }),
    );
    const last = clock.at(-1);
    const { pieces: _pieces, reports: _reports, reportsFrom: _from, ...facts } = scan;
    return {
      ...facts,
      clock,
      startMs: clock[0]?.startMs ?? scan.firstReceivedMs,
      endMs:
        last === undefined
          ? scan.lastReceivedMs
          : last.startMs + (scan.endTicks - last.firstTicks) * last.msPerTick,
      source: own[0]?.goesOn === true ? 'continuous' : isReported ? 'reports' : 'received',
    };
  });
}

function joined(pieces: readonly ClockPiece[]): ClockPiece[] {
  const lines: ClockPiece[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const isOneLine =
      last !== undefined && piece.goesOn && Math.abs(piece.msPerTick / last.msPerTick - 1) <= SAME_SLOPE;
    if (!isOneLine) lines.push(piece);
  }
  return lines;
}
