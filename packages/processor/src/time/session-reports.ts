import type { Witness } from './behind-levels.ts';
import { mayStepAt, type Piece, STRETCH_MS } from './media-pieces.ts';
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
  const { pieces, gains } = rated;
  let stoodMs = 0;
  for (const [piece, { clock, reports, firstReceivedMs, stepMs }] of pieces.entries()) {
    const silentMs = firstReceivedMs - (pieces[piece - 1]?.lastReceivedMs ?? firstReceivedMs);
    // For so long its clock may have stood.
    if (mayStepAt(pieces[piece])) stoodMs += Math.max(0, silentMs, stepMs ?? 0);
    for (const { mediaMs, ntpMs } of reports) {
      const trueMs = mediaMs + (gains[piece]?.(mediaMs) ?? 0);
      const receivedMs = trueMs + floorNear(rated, piece, mediaMs);
      witnesses.push({ track, piece, clock, mediaMs, trueMs, receivedMs, ntpMs, stoodMs });
    }
  }
}

/** The least delay near a report, its clock's rate taken out; of its piece where that has no packet as near. */
function floorNear(rated: RatedTrack, piece: number, mediaMs: number): number {
  const { pieces, floors } = rated;
  let least = leastNear(rated, piece, mediaMs);
  if (!mayStepAt(pieces[piece])) least = Math.min(least, leastBeside(rated, piece, piece - 1, mediaMs));
  if (!mayStepAt(pieces[piece + 1])) least = Math.min(least, leastBeside(rated, piece, piece + 1, mediaMs));
  return Number.isFinite(least) ? least : (floors[piece] as number);
}

/** The same of a neighbour, if it is of the same clock. */
const leastBeside = (rated: RatedTrack, piece: number, other: number, mediaMs: number): number =>
  rated.pieces[other]?.clock === rated.pieces[piece]?.clock
    ? leastNear(rated, other, mediaMs)
    : Number.POSITIVE_INFINITY;

function leastNear({ pieces, delays }: RatedTrack, piece: number, mediaMs: number): number {
  const own = delays[piece] as Float64Array;
  const { samples } = pieces[piece] as Piece;
  const [fromMs, toMs] = [mediaMs - NEAR_MS, mediaMs + NEAR_MS];
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < own.length; at++) {
    const sampleMs = samples[2 * at] as number;
    if (sampleMs >= fromMs && sampleMs <= toMs) least = Math.min(least, own[at] as number);
  }
  return least;
}

/** Of each track those that are right, in the order of its pieces. */
function reportsOf(
  tracks: readonly RatedTrack[],
  witnesses: readonly Witness[],
  serverMs: Float64Array,
): ReportsOfPieces[] {
  const startsOf = tracks.map(({ pieces }) => new Uint32Array(pieces.length + 1));
  for (let index = 0; index < witnesses.length; index++) {
    const { track, piece } = witnesses[index] as Witness;
    const starts = startsOf[track] as Uint32Array;
    if (!Number.isNaN(serverMs[index])) (starts[piece + 1] as number)++;
  }
  const reports = startsOf.map((starts) => {
    for (let at = 1; at < starts.length; at++) (starts[at] as number) += starts[at - 1] as number;
    const count = starts.at(-1) ?? 0;
    return { starts, atMs: new Float64Array(count), valueMs: new Float64Array(count), next: starts.slice() };
  });
  for (let index = 0; index < witnesses.length; index++) {
    const { track, piece, mediaMs, trueMs } = witnesses[index] as Witness;
    const placedMs = serverMs[index] as number;
    const of = reports[track];
    if (of === undefined || Number.isNaN(placedMs)) continue;
    const at = (of.next[piece] as number)++;
    of.atMs[at] = mediaMs;
    of.valueMs[at] = placedMs - trueMs;
  }
  return reports;
}
