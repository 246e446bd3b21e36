import { along, bentLine, scatterOf } from './clock-line.ts';
import { type Evidence, followTrack, SLIP_MS } from './follow-track.ts';
import type { Piece } from './media-pieces.ts';
import type { ParticipantClock } from './participant-clock.ts';
import type { RatedTrack } from './rated-track.ts';
import { type LinePoint, median } from './robust-line.ts';
import type { ReportsOfPieces } from './session-reports.ts';

/** A piece's line: server's clock less media time at its beginning, and where the next of its line begins, or at its end. */
export interface PlacedPiece {
  /** Among the track's pieces. */
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether its line is that of the piece before. */
  readonly goesOn: boolean;
}

/** What reports scatter by at least, and as much as is believed of them. */
const SIGMA_MS = { least: 1, most: 6 };

/** A report further from its piece's level is none of the line's. */
const FAR_SIGMAS = 5;

/** Lays a track's pieces on the server's clock by all that is known of them. */
export function placePieces(
  rated: RatedTrack,
  reports: ReportsOfPieces,
  clock: ParticipantClock | undefined,
): {
  readonly placed: readonly PlacedPiece[];
  /** Of each report that was used, how far it is from its line, ms. */
  readonly residuals: readonly number[];
} {
  const { pieces, floors } = rated;
  const sigmaMs = sigmaOf(reports);
  const evidence = pieces.map((piece, index): Evidence => {
    const reportedMs = (reports[index] ?? []).map(({ valueMs }) => valueMs);
    return {
      piece,
      floorMs: floors[index] ?? 0,
      reportedMs,
      reportedLevelMs: reportedMs.length === 0 ? undefined : median(reportedMs),
      routeMs: clock?.routeMs(piece.firstReceivedMs) ?? 0,
    };
  });
  const levels = followTrack(evidence, { sigmaMs, excessMs: usualExcess(floors, reports) });
  const residuals: number[] = [];
  const placed = spansOf(pieces, levels).flatMap((span) => {
    const points = span.flatMap((at) =>
      (reports[at] ?? []).filter(
        ({ valueMs }) => Math.abs(valueMs - (levels[at] ?? 0)) <= FAR_SIGMAS * sigmaMs + SLIP_MS,
      ),
    );
    return placeSpan(rated, span, levels, points, residuals);
  });
  return { placed, residuals };
}

/** By how much a track's least delayed packets are later than the session's, where it has reports. */
function usualExcess(floors: readonly number[], reports: ReportsOfPieces): number {
  const excesses = reports.flatMap((points, index) =>
    points.map(({ valueMs }) => (floors[index] ?? 0) - valueMs),
  );
  return excesses.length === 0 ? 0 : Math.max(0, median(excesses));
}

function sigmaOf(reports: ReportsOfPieces): number {
  const scatter = scatterOf(reports.flat());
  return Math.min(SIGMA_MS.most, Math.max(SIGMA_MS.least, scatter * 1.5));
}

/** Indexes of pieces that lie on one line: one clock, and no step between them. */
function spansOf(pieces: readonly Piece[], levels: readonly number[]): number[][] {
  const spans: number[][] = [];
  for (const [index, { clock }] of pieces.entries()) {
    const stepMs = Math.abs((levels[index] ?? 0) - (levels[index - 1] ?? 0));
    if (pieces[index - 1]?.clock === clock && stepMs <= SLIP_MS) spans.at(-1)?.push(index);
    else spans.push([index]);
  }
  return spans;
}

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
  const [first, last] = [of[0]?.piece, of.at(-1)?.piece];
  if (first === undefined || last === undefined) return [];
  const gain = gains[span[0] ?? 0] ?? (() => 0);
  const points =
    reported.length > 0
      ? reported
      : of.map(({ piece, levelMs }) => ({ atMs: (piece.fromMs + piece.toMs) / 2, valueMs: levelMs }));
  const line = bentLine(points, first.fromMs, last.toMs);
  for (const { atMs, valueMs } of reported) residuals.push(Math.abs(valueMs - along(line, atMs)));
  const at = (ms: number) => gain(ms) + along(line, ms);
  return of.map(({ index, piece }, number) => ({
    index,
    startMs: at(piece.fromMs),
    endMs: at(Math.max(of[number + 1]?.piece.fromMs ?? piece.toMs, piece.fromMs + 1)),
    goesOn: number > 0,
  }));
}
