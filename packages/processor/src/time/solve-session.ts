import { bentLine, type Stretch, scatterOf } from './clock-line.ts';
import { type Evidence, followTrack } from './follow-track.ts';
import { type Piece, piecesOf } from './media-pieces.ts';
import { rateGain } from './media-rate.ts';
import { type ParticipantClock, participantClock, type Witness } from './participant-clock.ts';
import type { ClockPiece, PlacedRun } from './placed-run.ts';
import { type LinePoint, median } from './robust-line.ts';
import type { RunScan } from './run-scan.ts';

export interface SessionTrack {
  readonly clockRate: number;
  /** In the order of the recording. */
  readonly runs: readonly RunScan[];
}

/** What a track's place rests on. */
export interface TrackClock {
  readonly source: /** Sender reports in the dumps. */
    | 'reports'
    /** The reports that the metadata names. */
    | 'metadata'
    /** Receive times alone. */
    | 'received';
  /** Sender reports that were used. */
  readonly reports: number;
  /** A bound that its packets' places, to each other and to those of its session, keep in all likelihood, ms. */
  readonly uncertaintyMs: number;
  /** How much faster than the server's clock the media clock runs, in millionths. */
  readonly driftPpm: number;
}

export interface PlacedSession {
  readonly tracks: readonly { readonly runs: readonly PlacedRun[]; readonly clock: TrackClock }[];
  /**
   * How much later than the participant's clock says its least delayed packet was received: the network's least delay, and
   * what that clock is wrong by. Absent without reports, and where that clock runs fast or slow.
   */
  readonly behindMs?: number;
}

/** A clock that gains more than this on the server's during a call is not set by NTP, and right at no more than a moment. */
const MOST_GAIN_MS = 20;

/** Packets this near to a report tell when the least delayed of its moment came. */
const NEAR_MS = 2500;

/** What reports scatter by at least, and as much as is believed of them. */
const SIGMA_MS = { least: 1, most: 6 };

/** A piece whose level is within this of its neighbour's is on the same line. */
const SLIP_MS = 12;

/** A report further from its piece's level is none of the line's. */
const FAR_SIGMAS = 5;

const UNCERTAINTY_MS = { least: 5, ofResidual: 2.5, ofSteps: 6, received: 25 };

interface Followed {
  readonly track: SessionTrack;
  readonly pieces: readonly Piece[];
  /** What each piece's clock has fallen behind by its rate, at a media time. */
  readonly gains: ReadonlyMap<number, (mediaMs: number) => number>;
  /** Of each piece, server's clock less media time of its least delayed packet, the rate taken out. */
  readonly floors: readonly number[];
}

/**
 * Follows the clocks of one session's tracks: on the participant's clock by their reports, from there to the server's by the least
 * delayed packets of all, and by their own where there are no reports.
 */
export function* solveSession(tracks: readonly SessionTrack[]): Generator<void, PlacedSession, void> {
  const followed: Followed[] = [];
  for (const track of tracks) {
    followed.push(prepared(track));
    yield;
  }
  const { reports, clock } = onServersClock(followed);
  const excesses = followed.map((each, index) => usualExcess(each, reports[index] ?? []));
  const placed: { runs: PlacedRun[]; clock: TrackClock }[] = [];
  for (const [index, each] of followed.entries()) {
    placed.push(place(each, reports[index] ?? [], clock, excesses[index] ?? 0));
    yield;
  }
  const isKept = clock !== undefined && Math.abs(gainOf(clock.slope, placed)) <= MOST_GAIN_MS;
  return { tracks: placed, ...(isKept ? { behindMs: clock.behindMs } : {}) };
}

/** What the server's clock gains on the participant's from the first to the last moment of all tracks. */
function gainOf(slope: number, tracks: PlacedSession['tracks']): number {
  const runs = tracks.flatMap((track) => track.runs);
  const startMs = runs.reduce((least, run) => Math.min(least, run.startMs), Number.POSITIVE_INFINITY);
  const endMs = runs.reduce((most, run) => Math.max(most, run.endMs), startMs);
  return slope * (endMs - startMs);
}

function prepared(track: SessionTrack): Followed {
  const pieces = piecesOf(track.runs, track.clockRate);
  const gains = new Map(
    [...Map.groupBy(pieces, ({ clock }) => clock)].map(([clock, of]) => [clock, rateGain(of)]),
  );
  const floors = pieces.map(({ samples, clock }) => {
    const gain = gains.get(clock);
    return samples.reduce(
      (least, { mediaMs, receivedMs }) => Math.min(least, receivedMs - mediaMs - (gain?.(mediaMs) ?? 0)),
      Number.POSITIVE_INFINITY,
    );
  });
  return { track, pieces, gains, floors };
}

/** Of each track's pieces, what their reports say on the server's clock: server's time less media time, the rate taken out. */
function onServersClock(followed: readonly Followed[]): {
  readonly reports: readonly (readonly (readonly LinePoint[])[])[];
  readonly clock: ParticipantClock | undefined;
} {
  const found: { witness: Witness; track: number; piece: number; mediaMs: number }[] = [];
  for (const [track, each] of followed.entries()) {
    const stood = mostStood(each.pieces);
    for (const [index, piece] of each.pieces.entries()) {
      const gain = each.gains.get(piece.clock) ?? (() => 0);
      for (const { mediaMs, ntpMs } of piece.reports) {
        const trueMs = mediaMs + gain(mediaMs);
        const witness: Witness = {
          track,
          clock: piece.clock,
          receivedMs: trueMs + floorNear(each, index, mediaMs),
          ntpMs,
          mediaMs: trueMs,
          stoodMs: stood[index] ?? 0,
        };
        found.push({ witness, track, piece: index, mediaMs });
      }
    }
  }
  const reports = followed.map(({ pieces }) => pieces.map((): LinePoint[] => []));
  if (found.length === 0) return { reports, clock: undefined };
  found.sort((a, b) => a.witness.receivedMs - b.witness.receivedMs);
  const clock = participantClock(found.map(({ witness }) => witness));
  for (const [index, { track, piece, mediaMs, witness }] of found.entries()) {
    const serverMs = clock.serverMs[index];
    if (serverMs !== undefined)
      reports[track]?.[piece]?.push({ atMs: mediaMs, valueMs: serverMs - witness.mediaMs });
  }
  return { reports, clock };
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
function floorNear({ pieces, gains, floors }: Followed, index: number, mediaMs: number): number {
  const here = pieces[index];
  let least = Number.POSITIVE_INFINITY;
  for (let at = index; at >= 0 && at >= index - 2; at--) {
    least = Math.min(least, within(pieces[at]));
    if (mayStepAt(pieces[at])) break;
  }
  for (let at = index + 1; at <= index + 2 && !mayStepAt(pieces[at]); at++)
    least = Math.min(least, within(pieces[at]));
  return Number.isFinite(least) ? least : (floors[index] ?? 0);

  function within(piece: Piece | undefined): number {
    let value = Number.POSITIVE_INFINITY;
    if (piece === undefined || piece.clock !== here?.clock) return value;
    for (const sample of piece.samples) {
      if (Math.abs(sample.mediaMs - mediaMs) > NEAR_MS) continue;
      const gained = gains.get(piece.clock)?.(sample.mediaMs) ?? 0;
      value = Math.min(value, sample.receivedMs - sample.mediaMs - gained);
    }
    return value;
  }
}

/** Whether a clock may have made a step at the beginning of a piece. */
const mayStepAt = (piece: Piece | undefined): boolean =>
  piece === undefined || piece.stepMs !== undefined || piece.isBehindPause;

/** By how much a track's least delayed packets are later than the session's, where it has reports. */
function usualExcess({ floors }: Followed, reports: readonly (readonly LinePoint[])[]): number {
  const excesses = reports.flatMap((points, index) =>
    points.map(({ valueMs }) => (floors[index] ?? 0) - valueMs),
  );
  return excesses.length === 0 ? 0 : Math.max(0, median(excesses));
}

function place(
  followed: Followed,
  reports: readonly (readonly LinePoint[])[],
  clock: ParticipantClock | undefined,
  excessMs: number,
): { runs: PlacedRun[]; clock: TrackClock } {
  const { pieces, floors } = followed;
  const sigmaMs = sigmaOf(reports);
  const evidence = pieces.map(
    (piece, index): Evidence => ({
      piece,
      floorMs: floors[index] ?? 0,
      reportedMs: (reports[index] ?? []).map(({ valueMs }) => valueMs),
      routeMs: clock?.routeMs(piece.firstReceivedMs) ?? 0,
    }),
  );
  const levels = followTrack(evidence, { sigmaMs, excessMs });
  const residuals: number[] = [];
  const placedPieces: PlacedPiece[] = [];
  let used = 0;
  for (const span of spansOf(pieces, levels)) {
    const points = span.flatMap((at) =>
      (reports[at] ?? []).filter(
        ({ valueMs }) => Math.abs(valueMs - (levels[at] ?? 0)) <= FAR_SIGMAS * sigmaMs + SLIP_MS,
      ),
    );
    used += points.length;
    placedPieces.push(...placeSpan(followed, span, levels, points, residuals));
  }
  return {
    runs: runsOf(followed, placedPieces, used > 0),
    clock: clockOf(followed, placedPieces, used, residuals),
  };
}

function sigmaOf(reports: readonly (readonly LinePoint[])[]): number {
  const scatter = scatterOf(reports.flat());
  return Math.min(SIGMA_MS.most, Math.max(SIGMA_MS.least, scatter * 1.5));
}

/** Indexes of pieces that lie on one line: one clock, and no step between them. */
function spansOf(pieces: readonly Piece[], levels: readonly number[]): number[][] {
  const spans: number[][] = [];
  for (const [index, { clock }] of pieces.entries()) {
    const before = pieces[index - 1];
    const stepMs = Math.abs((levels[index] ?? 0) - (levels[index - 1] ?? 0));
    if (before?.clock === clock && stepMs <= SLIP_MS) spans.at(-1)?.push(index);
    else spans.push([index]);
  }
  return spans;
}

/** A piece's line: server's clock less media time at both of its ends. */
interface PlacedPiece {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly goesOn: boolean;
}

function placeSpan(
  { pieces, gains, floors }: Followed,
  span: readonly number[],
  levels: readonly number[],
  reported: readonly LinePoint[],
  residuals: number[],
): PlacedPiece[] {
  const [first, last] = [pieces[span[0] ?? 0], pieces[span.at(-1) ?? 0]];
  if (first === undefined || last === undefined) return [];
  const gain = gains.get(first.clock) ?? (() => 0);
  const ownPoints = () =>
    span.map((at) => {
      const piece = pieces[at] ?? first;
      return { atMs: (piece.fromMs + piece.toMs) / 2, valueMs: levels[at] ?? floors[at] ?? 0 };
    });
  const line = bentLine(reported.length > 0 ? reported : ownPoints(), first.fromMs, last.toMs);
  for (const { atMs, valueMs } of reported) residuals.push(Math.abs(valueMs - along(line, atMs)));
  return span.map((index, number) => {
    const piece = pieces[index] ?? first;
    const nextMs = pieces[span[number + 1] ?? -1]?.fromMs ?? piece.toMs;
    const at = (ms: number) => gain(ms) + along(line, ms);
    return {
      index,
      startMs: at(piece.fromMs),
      endMs: at(Math.max(nextMs, piece.fromMs + 1)),
      goesOn: number > 0,
    };
  });
}

function along(line: readonly Stretch[], mediaMs: number): number {
  const stretch = line.find(({ toMs }) => mediaMs <= toMs) ?? line.at(-1);
  if (stretch === undefined) return 0;
  const { fromMs, toMs, startMs, endMs } = stretch;
  return startMs + ((endMs - startMs) * (mediaMs - fromMs)) / Math.max(1, toMs - fromMs);
}

function runsOf(
  { track, pieces }: Followed,
  placed: readonly PlacedPiece[],
  isReported: boolean,
): PlacedRun[] {
  const { clockRate } = track;
  const ticksPerMs = clockRate / 1000;
  const ofRuns = Map.groupBy(placed, ({ index }) => pieces[index]?.run);
  return track.runs.map((scan, run) => {
    const own = ofRuns.get(run) ?? [];
    const clockPieces = own.map(({ index, startMs, endMs, goesOn }, number): ClockPiece => {
      const piece = pieces[index] as Piece;
      const nextMs = pieces[own[number + 1]?.index ?? -1]?.fromMs ?? piece.toMs;
      const mediaMs = Math.max(1, nextMs - piece.fromMs);
      return {
        firstTicks: Math.round((piece.fromMs - piece.shiftMs) * ticksPerMs),
        startMs: piece.fromMs + startMs,
        msPerTick: (1 + (endMs - startMs) / mediaMs) / ticksPerMs,
        goesOn: number > 0 && goesOn,
      };
    });
    const joined = join(clockPieces);
    const last = joined.at(-1);
    const goesOn = own[0]?.goesOn === true;
    const { pieces: _pieces, reports: _reports, reportsFrom: _from, ...facts } = scan;
    return {
      ...facts,
      clock: joined,
      startMs: joined[0]?.startMs ?? scan.firstReceivedMs,
      endMs:
        last === undefined
          ? scan.lastReceivedMs
          : last.startMs + (scan.endTicks - last.firstTicks) * last.msPerTick,
      source: goesOn ? 'continuous' : isReported ? 'reports' : 'received',
    };
  });
}

/** Slopes that differ by less than this, a millisecond in three hours, are one line. */
const SAME_SLOPE = 1e-7;

function join(pieces: readonly ClockPiece[]): ClockPiece[] {
  const joined: ClockPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const isOneLine =
      last !== undefined && piece.goesOn && Math.abs(piece.msPerTick / last.msPerTick - 1) <= SAME_SLOPE;
    if (!isOneLine) joined.push(piece);
  }
  return joined;
}

function clockOf(
  { track, pieces }: Followed,
  placed: readonly PlacedPiece[],
  reports: number,
  residuals: readonly number[],
): TrackClock {
  let gainedMs = 0;
  let mediaMs = 0;
  for (const { index, startMs, endMs } of placed) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    gainedMs += endMs - startMs;
    mediaMs += piece.toMs - piece.fromMs;
  }
  const driftPpm = mediaMs === 0 ? 0 : ((0 - gainedMs) / mediaMs) * 1e6;
  const hasSteps = placed.some(({ goesOn, index }) => !goesOn && index > 0);
  if (reports === 0) return { source: 'received', reports, uncertaintyMs: UNCERTAINTY_MS.received, driftPpm };
  const sorted = residuals.toSorted((a, b) => a - b);
  const most = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  const { least, ofResidual, ofSteps } = UNCERTAINTY_MS;
  const isMetadata = track.runs.every(({ reportsFrom }) => reportsFrom === 'metadata');
  return {
    source: isMetadata ? 'metadata' : 'reports',
    reports,
    uncertaintyMs: least + ofResidual * most + (hasSteps ? ofSteps : 0),
    driftPpm,
  };
}
