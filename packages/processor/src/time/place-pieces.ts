import { along, bentLine } from './clock-line.ts';
import { type Evidence, followTrack } from './follow-track.ts';
import type { Piece } from './media-pieces.ts';
import type { ParticipantClock } from './participant-clock.ts';
import type { RatedTrack } from './rated-track.ts';
import { medianOf, type Points, pointsFrom } from './robust-line.ts';
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
  /** In their order. */
  readonly placed: readonly PlacedPiece[];
  /** Of each report that was used, how far it is from its line, ms. */
  readonly residuals: readonly number[];
  /** Of each piece, how far it may be from its level as far as can be told. */
  readonly apart: Float64Array;
} {
  const { pieces } = rated;
  const evidence = { rated, reports, routes: routesOf(pieces, clock) };
  const { levels, apart } = followTrack(evidence, usualExcess(evidence));
  const residuals: number[] = [];
  const open = apart.slice();
  const placed: PlacedPiece[] = [];
  let to = 0;
  for (let from = 0; from < pieces.length; from = to) {
    to = from + 1;
    while (to < pieces.length && isOnLine(pieces, levels, to)) to++;
    const points = pointsOf(reports, levels, from, to);
    const isReported = points.atMs.length > 0;
    // A step that no report confirms may as well be the network's, or the server's clock's.
    if (!isReported) raise(open, from, to, stepInto(pieces, levels, from));
    const line = bentLine(isReported ? points : levelPoints(pieces, levels, from, to));
    for (let at = 0; at < points.atMs.length; at++)
      residuals.push(Math.abs((points.valueMs[at] as number) - along(line, points.atMs[at] as number)));
    const gain = rated.gains[(pieces[from] as Piece).clock] as RatedTrack['gains'][number];
    placeSpan(placed, pieces, from, to, (ms) => gain(ms) + along(line, ms));
  }
  return { placed, residuals, apart: residuals.length === 0 ? apart : open };
}

/** Of each piece, what the route adds, as far as reports tell. */
function routesOf(pieces: readonly Piece[], clock: ParticipantClock | undefined): Float64Array {
  const routes = new Float64Array(pieces.length);
  if (clock === undefined) return routes;
  for (let index = 0; index < routes.length; index++) {
    const { firstReceivedMs, lastReceivedMs } = pieces[index] as Piece;
    routes[index] = Math.max(clock.routeMs(firstReceivedMs), clock.routeMs(lastReceivedMs));
  }
  return routes;
}

/** By how much a track's least delayed packets are later than the session's on the same route, where it has reports. */
function usualExcess({ rated: { floors }, reports: { starts, valueMs }, routes }: Evidence): number {
  if (valueMs.length === 0) return 0;
  const excesses = new Float64Array(valueMs.length);
  for (let piece = 0; piece < floors.length; piece++)
    for (let at = starts[piece] as number; at < (starts[piece + 1] as number); at++)
      excesses[at] = (floors[piece] as number) - (routes[piece] as number) - (valueMs[at] as number);
  return Math.max(0, medianOf(excesses));
}

/** By how much a piece's level differs from that of the piece before, of the same clock. */
const stepInto = (pieces: readonly Piece[], levels: Float64Array, index: number): number =>
  pieces[index - 1]?.clock === pieces[index]?.clock
    ? Math.abs((levels[index] as number) - (levels[index - 1] as number))
    : 0;

/** Whether a piece lies on the line of the one before: of one clock, and no step between them. */
const isOnLine = (pieces: readonly Piece[], levels: Float64Array, index: number): boolean =>
  pieces[index - 1]?.clock === pieces[index]?.clock && stepInto(pieces, levels, index) <= JITTER_MS;

function raise(values: Float64Array, from: number, to: number, least: number): void {
  for (let at = from; at < to; at++) values[at] = Math.max(values[at] as number, least);
}

/** Reports of these pieces. One that is further from its piece's level is none of the line's. */
function pointsOf(
  { starts, atMs, valueMs }: ReportsOfPieces,
  levels: Float64Array,
  from: number,
  to: number,
): Points {
  const first = starts[from] as number;
  const most = (starts[to] as number) - first;
  const points = { atMs: new Float64Array(most), valueMs: new Float64Array(most) };
  let count = 0;
  for (let piece = from; piece < to; piece++)
    for (let at = starts[piece] as number; at < (starts[piece + 1] as number); at++) {
      if (Math.abs((valueMs[at] as number) - (levels[piece] as number)) > JITTER_MS) continue;
      points.atMs[count] = atMs[at] as number;
      points.valueMs[count++] = valueMs[at] as number;
    }
  return count === most ? points : pointsFrom(points, 0, count);
}

function levelPoints(pieces: readonly Piece[], levels: Float64Array, from: number, to: number): Points {
  const atMs = new Float64Array(to - from);
  for (let index = from; index < to; index++) {
    const { fromMs, toMs } = pieces[index] as Piece;
    atMs[index - from] = (fromMs + toMs) / 2;
  }
  return { atMs, valueMs: levels.subarray(from, to) };
}

/** @param offsetAt server's clock less media time */
function placeSpan(
  placed: PlacedPiece[],
  pieces: readonly Piece[],
  from: number,
  to: number,
  offsetAt: (mediaMs: number) => number,
): void {
  let nextMs = offsetAt((pieces[from] as Piece).fromMs);
  for (let index = from; index < to; index++) {
    const { fromMs, toMs } = pieces[index] as Piece;
    const next = index + 1 < to ? pieces[index + 1] : undefined;
    const startMs = nextMs;
    const endMs = Math.max(next?.fromMs ?? toMs, fromMs + 1);
    const endOffsetMs = offsetAt(endMs);
    placed.push({ index, startMs, slope: (endOffsetMs - startMs) / (endMs - fromMs), goesOn: index > from });
    if (next !== undefined) nextMs = next.fromMs === endMs ? endOffsetMs : offsetAt(next.fromMs);
  }
}
