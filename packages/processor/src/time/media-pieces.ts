import type { DelayPiece } from './delay-profile.ts';
import type { RunScan } from './run-scan.ts';
import { SILENCE_MS } from './scales.ts';
import { AGREEMENT_MS } from './server-clock.ts';

/** A sender report on the scale of its piece. */
export interface PieceReport {
  /** Media time. */
  readonly mediaMs: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
}

/**
 * A stretch of one track during which its media clock is taken to run without a step. Media times of pieces that share a `clock`
 * are of one scale, whatever wrapped in between.
 */
export interface Piece {
  /** Which of the track's runs it is of. */
  readonly run: number;
  /** Pieces of one SSRC, whose counter goes on over segments, share a clock. */
  readonly clock: number;
  /** What is added to the run's own media time. */
  readonly shiftMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstReceivedMs: number;
  readonly lastReceivedMs: number;
  /** The least delayed packets, in order: media and receive times alternate. */
  readonly samples: Float64Array;
  readonly reports: readonly PieceReport[];
  /** What arrivals show of a step at its beginning. */
  readonly stepMs: number | undefined;
  /** Before it nothing was received for a while, or another segment: the counter may have stood. */
  readonly isBehindPause: boolean;
}

/** One that reports are still given to. */
type OpenPiece = Piece & { readonly reports: PieceReport[] };

const TICKS_MODULUS = 2 ** 32;

/** Long enough for a least delayed packet, short enough that a rate of 1 % bends no level. */
export const STRETCH_MS = 4000;

/** What the pieces of a run have in common. */
interface Scale extends Pick<Piece, 'run' | 'clock' | 'shiftMs'> {
  /** Whether its clock goes on from another segment's, and whether there is one before it. */
  readonly goesOn: boolean;
  readonly isOtherSegment: boolean;
}

/** The pieces of a track's runs, in the order of the recording, each with the reports that came while it was received. */
export function piecesOf(runs: readonly RunScan[], clockRate: number): Piece[] {
  const pieces: OpenPiece[] = [];
  const latest = new Map<number, { clock: number; endMs: number; receivedMs: number }>();
  const ticksMs = 1000 / clockRate;
  const wrapMs = TICKS_MODULUS * ticksMs;
  let clocks = 0;
  let before: RunScan | undefined;
  for (const [run, scan] of runs.entries()) {
    const known = latest.get(scan.ssrc);
    const firstMs = scan.firstTicks * ticksMs;
    const expectedMs = known === undefined ? firstMs : known.endMs + scan.firstReceivedMs - known.receivedMs;
    const shiftMs = known === undefined ? 0 : Math.round((expectedMs - firstMs) / wrapMs) * wrapMs;
    const isOtherSegment = before !== undefined && before.segment !== scan.segment;
    // A counter that is further off after a pause has begun anew, as far as anybody can tell.
    const goesOn =
      known !== undefined && isOtherSegment && Math.abs(firstMs + shiftMs - expectedMs) <= AGREEMENT_MS;
    const clock = goesOn ? known.clock : clocks++;
    const first = pieces.length;
    for (const piece of scan.pieces)
      addPieces(pieces, first, piece, { run, clock, shiftMs, goesOn, isOtherSegment });
    giveReports(pieces, first, scan, ticksMs, shiftMs);
    latest.set(scan.ssrc, {
      clock,
      endMs: scan.endTicks * ticksMs + shiftMs,
      receivedMs: scan.lastReceivedMs,
    });
    before = scan;
  }
  return pieces;
}

/** Whether a clock may have made a step at the beginning of a piece. */
export const mayStepAt = (piece: Piece | undefined): boolean =>
  piece === undefined || piece.stepMs !== undefined || piece.isBehindPause;

/** By how much the least delayed packet was received later than its media time says. */
function leastDelay(samples: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < samples.length; at += 2)
    least = Math.min(least, (samples[at + 1] as number) - (samples[at] as number));
  return least;
}

/** A piece of a scan in stretches of a few seconds: a level is looked for in each. */
function addPieces(pieces: OpenPiece[], first: number, scan: DelayPiece, scale: Scale): void {
  const { run, clock, shiftMs } = scale;
  const samples = shiftMs === 0 ? scan.samples : shifted(scan.samples, shiftMs);
  for (let from = 0, to = 0; from < samples.length; from = to) {
    const fromMs = samples[from] as number;
    while (to < samples.length && (samples[to] as number) - fromMs < STRETCH_MS) to += 2;
    const [isFirst, isLast] = [from === 0, to === samples.length];
    const before = pieces.at(-1);
    const isOfRun = pieces.length > first;
    const firstReceivedMs = isFirst ? scan.firstReceivedMs : (samples[from + 1] as number);
    const silentMs = before === undefined ? 0 : firstReceivedMs - before.lastReceivedMs;
    const own = samples.subarray(from, to);
    const seenMs = isFirst ? scan.stepMs : undefined;
    pieces.push({
      run,
      clock,
      shiftMs,
      fromMs: isFirst ? scan.fromMs + shiftMs : fromMs,
      toMs: isLast ? scan.toMs + shiftMs : (samples[to] as number),
      firstReceivedMs,
      lastReceivedMs: isLast ? scan.lastReceivedMs : (samples[to + 1] as number),
      samples: own,
      reports: [],
      stepMs:
        scale.goesOn && !isOfRun && before !== undefined
          ? leastDelay(own) - leastDelay(before.samples)
          : seenMs,
      isBehindPause: silentMs > SILENCE_MS || (scale.isOtherSegment && !isOfRun),
    });
  }
}

const shifted = (samples: Float64Array, byMs: number): Float64Array =>
  samples.map((ms, at) => (at % 2 === 0 ? ms + byMs : ms));

/** To each piece of a run the reports that came while it was received; those of a pause go. Pairs that were sent again count once. */
function giveReports(
  pieces: readonly OpenPiece[],
  first: number,
  { reports }: RunScan,
  ticksMs: number,
  shiftMs: number,
): void {
  let at = first;
  let mostTicks = Number.NEGATIVE_INFINITY;
  /** What was said of ticks; only needed where they do not rise. */
  let ntpMsOf: Map<number, number> | undefined;
  for (const [index, { rtpTicks, ntpMs, receivedMs }] of reports.entries()) {
    if (rtpTicks <= mostTicks)
      ntpMsOf ??= new Map(reports.slice(0, index).map((report) => [report.rtpTicks, report.ntpMs]));
    if (ntpMsOf?.get(rtpTicks) === ntpMs) continue;
    ntpMsOf?.set(rtpTicks, ntpMs);
    mostTicks = Math.max(mostTicks, rtpTicks);
    const report = { mediaMs: rtpTicks * ticksMs + shiftMs, ntpMs };
    if (receivedMs === undefined) {
      nearestByMedia(pieces, first, report.mediaMs)?.reports.push(report);
      continue;
    }
    while (at + 1 < pieces.length && (pieces[at + 1] as Piece).firstReceivedMs <= receivedMs) at++;
    const piece = pieces[at];
    if (piece === undefined) continue;
    const isSoon = receivedMs >= piece.firstReceivedMs - SILENCE_MS;
    const isDuring = receivedMs <= piece.lastReceivedMs + SILENCE_MS;
    if (isSoon && isDuring) piece.reports.push(report);
  }
}

function nearestByMedia(
  pieces: readonly OpenPiece[],
  first: number,
  mediaMs: number,
): OpenPiece | undefined {
  let nearest: OpenPiece | undefined;
  let leastMs = Number.POSITIVE_INFINITY;
  for (const piece of pieces.slice(first)) {
    const awayMs = Math.max(piece.fromMs - mediaMs, mediaMs - piece.toMs, 0);
    if (awayMs >= leastMs) continue;
    leastMs = awayMs;
    nearest = piece;
  }
  return nearest;
}
