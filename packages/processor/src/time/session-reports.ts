import type { Witness } from './behind-levels.ts';
import { mayStepAt, type Piece, type PieceReport, STRETCH_MS } from './media-pieces.ts';
import { type ParticipantClock, participantClock } from './participant-clock.ts';
import type { RatedTrack } from './rated-track.ts';
import type { Points } from './robust-line.ts';

/** Packets this near to a report tell when the least delayed of its moment came. */
const NEAR_MS = STRETCH_MS / 2;

/** What a track's reports say of where its pieces lie: server's clock less media time, the rate taken out. */
export interface ReportsOfPieces extends Points {
  /** Of each piece, which are the first of its own and of the next. */
  readonly starts: Uint32Array;
}

/** Brings the reports of a session's tracks from the participant's clock to the server's; none are wrong ones. */
export function sessionReports(tracks: readonly RatedTrack[]): {
  readonly reportsOfTracks: readonly ReportsOfPieces[];
  /** Undefined without reports. */
  readonly clock: ParticipantClock | undefined;
} {
  const witnesses: Witness[] = [];
  for (const [track, rated] of tracks.entries()) addWitnesses(witnesses, rated, track);
  witnesses.sort((a, b) => a.receivedMs - b.receivedMs);
  const clock = witnesses.length === 0 ? undefined : participantClock(witnesses);
  return { reportsOfTracks: reportsOf(tracks, witnesses, clock?.serverMs ?? new Float64Array(0)), clock };
}

function addWitnesses(witnesses: Witness[], rated: RatedTrack, track: number): void {
  const { pieces, reports, gains } = rated;
  const stood = mostStood(pieces);
  for (const report of reports) {
    const { mediaMs } = report;
    const { clock } = pieces[report.piece] as Piece;
    const trueMs = mediaMs + (gains[clock] as RatedTrack['gains'][number])(mediaMs);
    const receivedMs = trueMs + floorNear(rated, report);
    witnesses.push({ track, report, clock, trueMs, receivedMs, stoodMs: stood[report.piece] as number });
  }
}

/** Up to each piece, for how long its clock may have stood all together. */
function mostStood(pieces: readonly Piece[]): Float64Array {
  const stood = new Float64Array(pieces.length);
  let sum = 0;
  for (let index = 0; index < stood.length; index++) {
    const piece = pieces[index] as Piece;
    const silentMs = piece.firstReceivedMs - (pieces[index - 1]?.lastReceivedMs ?? piece.firstReceivedMs);
    if (mayStepAt(piece)) sum += Math.max(0, silentMs, piece.stepMs ?? 0);
    stood[index] = sum;
  }
  return stood;
}

/** The least delay near a report, its clock's rate taken out; of its piece where that has no packet as near. */
function floorNear({ pieces, samples, delays, floors }: RatedTrack, { piece, mediaMs }: PieceReport): number {
  const [fromMs, toMs] = [mediaMs - NEAR_MS, mediaMs + NEAR_MS];
  const own = pieces[piece] as Piece;
  // Its neighbours' are of the same clock unless that may have made a step between.
  const before = goesOn(pieces, piece) ? (pieces[piece - 1] as Piece) : own;
  const after = goesOn(pieces, piece + 1) ? (pieces[piece + 1] as Piece) : own;
  let least = Number.POSITIVE_INFINITY;
  for (let at = before.samplesFrom; at < after.samplesTo; at++) {
    const sampleMs = samples.mediaMs[at] as number;
    if (sampleMs >= fromMs && sampleMs <= toMs) least = Math.min(least, delays[at] as number);
  }
  return Number.isFinite(least) ? least : (floors[piece] as number);
}

const goesOn = (pieces: readonly Piece[], index: number): boolean =>
  !mayStepAt(pieces[index]) && pieces[index - 1]?.clock === pieces[index]?.clock;

/** Of each track those that are right, in the order of its pieces. */
function reportsOf(
  tracks: readonly RatedTrack[],
  witnesses: readonly Witness[],
  serverMs: Float64Array,
): ReportsOfPieces[] {
  const startsOf = tracks.map(({ pieces }) => new Uint32Array(pieces.length + 1));
  for (let index = 0; index < witnesses.length; index++) {
    const { track, report } = witnesses[index] as Witness;
    const starts = startsOf[track] as Uint32Array;
    if (!Number.isNaN(serverMs[index])) (starts[report.piece + 1] as number)++;
  }
  const reports = startsOf.map((starts) => {
    for (let at = 1; at < starts.length; at++) (starts[at] as number) += starts[at - 1] as number;
    const count = starts.at(-1) ?? 0;
    return { starts, atMs: new Float64Array(count), valueMs: new Float64Array(count), next: starts.slice() };
  });
  for (let index = 0; index < witnesses.length; index++) {
    const { track, report, trueMs } = witnesses[index] as Witness;
    const placedMs = serverMs[index] as number;
    const of = reports[track];
    if (of === undefined || Number.isNaN(placedMs)) continue;
    const at = (of.next[report.piece] as number)++;
    of.atMs[at] = report.mediaMs;
    of.valueMs[at] = placedMs - trueMs;
  }
  return reports;
}
