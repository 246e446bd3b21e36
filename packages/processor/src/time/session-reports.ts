import type { Witness } from './behind-levels.ts';
import { leastDelay, mayStepAt, type Piece, STRETCH_MS } from './media-pieces.ts';
import { type ParticipantClock, participantClock } from './participant-clock.ts';
import type { RatedTrack } from './rated-track.ts';
import type { LinePoint } from './robust-line.ts';

/** Packets this near to a report tell when the least delayed of its moment came. */
const NEAR_MS = STRETCH_MS / 2;

/** Of a track's pieces, what their reports say of where they lie: server's clock less media time, the rate taken out. */
export type ReportsOfPieces = readonly (readonly LinePoint[])[];

/** Brings the reports of a session's tracks from the participant's clock to the server's; none are wrong ones. */
export function sessionReports(tracks: readonly RatedTrack[]): {
  readonly reportsOfTracks: readonly ReportsOfPieces[];
  /** Undefined without reports. */
  readonly clock: ParticipantClock | undefined;
} {
  const found = tracks.flatMap(witnessesOf);
  const reportsOfTracks = tracks.map(({ pieces }) => pieces.map((): LinePoint[] => []));
  if (found.length === 0) return { reportsOfTracks, clock: undefined };
  found.sort((a, b) => a.witness.receivedMs - b.witness.receivedMs);
  const clock = participantClock(found.map(({ witness }) => witness));
  for (const [index, { piece, mediaMs, witness }] of found.entries()) {
    const serverMs = clock.serverMs[index];
    if (serverMs !== undefined)
      reportsOfTracks[witness.track]?.[piece]?.push({ atMs: mediaMs, valueMs: serverMs - witness.mediaMs });
  }
  return { reportsOfTracks, clock };
}

interface Found {
  readonly witness: Witness;
  readonly piece: number;
  readonly mediaMs: number;
}

function witnessesOf(rated: RatedTrack, track: number): Found[] {
  const { pieces, gains } = rated;
  const stood = mostStood(pieces);
  return pieces.flatMap(({ reports, clock }, piece) =>
    reports.map(({ mediaMs, ntpMs }): Found => {
      const trueMs = mediaMs + (gains[piece]?.(mediaMs) ?? 0);
      const receivedMs = trueMs + floorNear(rated, piece, mediaMs);
      const witness = { track, clock, receivedMs, ntpMs, mediaMs: trueMs, stoodMs: stood[piece] ?? 0 };
      return { witness, piece, mediaMs };
    }),
  );
}

/** Up to each piece, for how long its clock may have stood all together. */
function mostStood(pieces: readonly Piece[]): number[] {
  let sum = 0;
  return pieces.map((piece, index) => {
    const silentMs = piece.firstReceivedMs - (pieces[index - 1]?.lastReceivedMs ?? piece.firstReceivedMs);
    if (mayStepAt(piece)) sum += Math.max(0, silentMs, piece.stepMs ?? 0);
    return sum;
  });
}

/** The least delay near a report, its clock's rate taken out; of its piece where that has no packet as near. */
function floorNear({ pieces, gains, floors }: RatedTrack, index: number, mediaMs: number): number {
  const clock = pieces[index]?.clock;
  const near = { fromMs: mediaMs - NEAR_MS, toMs: mediaMs + NEAR_MS };
  const floorOf = (at: number): number => {
    const piece = pieces[at];
    return piece?.clock === clock
      ? leastDelay(piece?.samples ?? [], gains[at], near)
      : Number.POSITIVE_INFINITY;
  };
  let least = floorOf(index);
  if (!mayStepAt(pieces[index])) least = Math.min(least, floorOf(index - 1));
  if (!mayStepAt(pieces[index + 1])) least = Math.min(least, floorOf(index + 1));
  return Number.isFinite(least) ? least : (floors[index] ?? 0);
}
