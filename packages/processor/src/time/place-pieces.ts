import { along, bentLine } from './clock-line.ts';
import { type Evidence, followTrack } from './follow-track.ts';
import type { Piece } from './media-pieces.ts';
import type { ParticipantClock } from './participant-clock.ts';
import type { RatedTrack } from './rated-track.ts';
import { type LinePoint, median } from './robust-line.ts';
import { JITTER_MS } from './scales.ts';
import type { ReportsOfPieces } from './session-reports.ts';

/** A piece's line. */
export interface PlacedPiece {
  /** Among the track's pieces. */
  readonly index: number;
  /** Server's clock less media time at its beginning. */
  readonly startMs: number;
  /** What that gains in a ms of media time. */
  readonly slope: number;
  /** Whether its line is that of the piece before. */
  readonly goesOn: boolean;
}

/** Lays a track's pieces on the server's clock by all that is known of them. */
export function placePieces(
  rated: RatedTrack,
  reports: ReportsOfPieces,
  clock: ParticipantClock | undefined,
): {
  readonly placed: readonly PlacedPiece[];
  /** Of each report that was used, how far it is from its line, ms. */
  readonly residuals: readonly number[];
  /** Of each piece, how far it may be from its level as far as can be told. */
  readonly apart: readonly number[];
} {
  const { pieces, floors } = rated;
  const evidence = pieces.map((piece, index): Evidence => {
    const reportedMs = (reports[index] ?? []).map(({ valueMs }) => valueMs);
    return {
      piece,
      floorMs: floors[index] ?? 0,
      reportedMs,
      reportedLevelMs: reportedMs.length === 0 ? undefined : median(reportedMs),
      routeMs: Math.max(
        clock?.routeMs(piece.firstReceivedMs) ?? 0,
        clock?.routeMs(piece.lastReceivedMs) ?? 0,
      ),
    };
  });
  const { levels, apart } = followTrack(evidence, usualExcess(evidence));
  const residuals: number[] = [];
  const open = [...apart];
  const placed = spansOf(pieces, levels).flatMap((span) => {
    const points = span.flatMap((at) =>
      // A report further from its piece's level is none of the line's.
      (reports[at] ?? []).filter(({ valueMs }) => Math.abs(valueMs - (levels[at] ?? 0)) <= JITTER_MS),
    );
    // A step that no report confirms may as well be the network's, or the server's clock's.
    const stepMs = stepInto(pieces, levels, span[0] ?? 0);
    if (points.length === 0) for (const at of span) open[at] = Math.max(open[at] ?? 0, stepMs);
    return placeSpan(rated, span, levels, points, residuals);
  });
  return { placed, residuals, apart: residuals.length === 0 ? apart : open };
}

/** By how much a track's least delayed packets are later than the session's on the same route, where it has reports. */
function usualExcess(evidence: readonly Evidence[]): number {
  const excesses = evidence.flatMap(({ floorMs, reportedMs, routeMs }) =>
    reportedMs.map((ms) => floorMs - routeMs - ms),
  );
  return excesses.length === 0 ? 0 : Math.max(0, median(excesses));
}

/** Indexes of pieces that lie on one line: one clock, and no step between them. */
function spansOf(pieces: readonly Piece[], levels: readonly number[]): number[][] {
  const spans: number[][] = [];
  for (const [index, { clock }] of pieces.entries()) {
    const stepMs = Math.abs((levels[index] ?? 0) - (levels[index - 1] ?? 0));
    if (pieces[index - 1]?.clock === clock && stepMs <= JITTER_MS) spans.at(-1)?.push(index);
    else spans.push([index]);
  }
  return spans;
}

/** By how much a piece's level differs from that of the piece before. */
const stepInto = (pieces: readonly Piece[], levels: readonly number[], index: number): number =>
  pieces[index - 1]?.clock === pieces[index]?.clock
    ? Math.abs((levels[index] ?? 0) - (levels[index - 1] ?? 0))
    : 0;

function placeSpan(
  { pieces, gains }: RatedTrack,
  span: readonly number[],
  levels: readonly number[],
  reported: readonly LinePoint[],
  residuals: number[],
): PlacedPiece[] {
  const of = span.map((index) => ({
    index,
    piece: pieces[index] as Piece,
    levelMs: levels[index] as number,
  }));
  const gain = gains[span[0] ?? 0] ?? (() => 0);
  const points =
    reported.length > 0
      ? reported
      : of.map(({ piece, levelMs }) => ({ atMs: (piece.fromMs + piece.toMs) / 2, valueMs: levelMs }));
  const line = bentLine(points);
  for (const { atMs, valueMs } of reported) residuals.push(Math.abs(valueMs - along(line, atMs)));
  const at = (ms: number) => gain(ms) + along(line, ms);
  return of.map(({ index, piece: { fromMs, toMs } }, number) => {
    const endMs = Math.max(of[number + 1]?.piece.fromMs ?? toMs, fromMs + 1);
    const startMs = at(fromMs);
    return { index, startMs, slope: (at(endMs) - startMs) / (endMs - fromMs), goesOn: number > 0 };
  });
}
