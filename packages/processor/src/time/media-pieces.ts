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

const TICKS_MODULUS = 2 ** 32;

/** Long enough for a least delayed packet, short enough that a rate of 1 % bends no level. */
export const STRETCH_MS = 4000;

/** The pieces of a track's runs, in the order of the recording, each with the reports that came while it was received. */
export function piecesOf(runs: readonly RunScan[], clockRate: number): Piece[] {
  const pieces: Piece[] = [];
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
    const stretches: DelayPiece[] = [];
    for (const piece of scan.pieces) addStretches(stretches, piece, shiftMs);
    const reports = reportsOfStretches(scan, stretches, ticksMs, shiftMs);
    for (const [index, stretch] of stretches.entries()) {
      const previous = pieces.at(-1);
      const silentMs = previous === undefined ? 0 : stretch.firstReceivedMs - previous.lastReceivedMs;
      const isGoingOn = index === 0 && goesOn && previous !== undefined;
      pieces.push({
        ...stretch,
        run,
        clock,
        shiftMs,
        reports: reports[index] ?? [],
        stepMs: isGoingOn ? leastDelay(stretch) - leastDelay(previous) : stretch.stepMs,
        isBehindPause: silentMs > SILENCE_MS || (index === 0 && isOtherSegment),
      });
    }
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
function leastDelay({ samples }: Pick<Piece, 'samples'>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < samples.length; at += 2)
    least = Math.min(least, (samples[at + 1] as number) - (samples[at] as number));
  return least;
}

/** A piece of a scan in stretches of a few seconds: a level is looked for in each. */
function addStretches(stretches: DelayPiece[], piece: DelayPiece, shiftMs: number): void {
  const samples = shiftMs === 0 ? piece.samples : shifted(piece.samples, shiftMs);
  let from = 0;
  while (from < samples.length) {
    const firstMs = samples[from] as number;
    let to = from + 2;
    while (to < samples.length && (samples[to] as number) - firstMs < STRETCH_MS) to += 2;
    const [isFirst, isLast] = [from === 0, to === samples.length];
    stretches.push({
      samples: samples.subarray(from, to),
      fromMs: isFirst ? piece.fromMs + shiftMs : firstMs,
      toMs: isLast ? piece.toMs + shiftMs : (samples[to] as number),
      firstReceivedMs: isFirst ? piece.firstReceivedMs : (samples[from + 1] as number),
      lastReceivedMs: isLast ? piece.lastReceivedMs : (samples[to + 1] as number),
      stepMs: isFirst ? piece.stepMs : undefined,
    });
    from = to;
  }
}

const shifted = (samples: Float64Array, byMs: number): Float64Array =>
  samples.map((ms, at) => (at % 2 === 0 ? ms + byMs : ms));

/** Of each stretch the reports that came while it was received; those of a pause go. Pairs that were sent again count once. */
function reportsOfStretches(
  { reports }: RunScan,
  stretches: readonly DelayPiece[],
  ticksMs: number,
  shiftMs: number,
): PieceReport[][] {
  const found = stretches.map((): PieceReport[] => []);
  const ntpMsOf = new Map<number, number>();
  let at = 0;
  for (const { rtpTicks, ntpMs, receivedMs } of reports) {
    if (ntpMsOf.get(rtpTicks) === ntpMs) continue;
    ntpMsOf.set(rtpTicks, ntpMs);
    const report = { mediaMs: rtpTicks * ticksMs + shiftMs, ntpMs };
    if (receivedMs === undefined) {
      found[nearestByMedia(stretches, report.mediaMs)]?.push(report);
      continue;
    }
    while (at + 1 < stretches.length && (stretches[at + 1]?.firstReceivedMs ?? 0) <= receivedMs) at++;
    const stretch = stretches[at];
    if (stretch === undefined) continue;
    const isSoon = receivedMs >= stretch.firstReceivedMs - SILENCE_MS;
    const isDuring = receivedMs <= stretch.lastReceivedMs + SILENCE_MS;
    if (isSoon && isDuring) found[at]?.push(report);
  }
  return found;
}

function nearestByMedia(stretches: readonly DelayPiece[], mediaMs: number): number {
  let nearest = 0;
  let leastMs = Number.POSITIVE_INFINITY;
  for (const [index, { fromMs, toMs }] of stretches.entries()) {
    const awayMs = Math.max(fromMs - mediaMs, mediaMs - toMs, 0);
    if (awayMs >= leastMs) continue;
    leastMs = awayMs;
    nearest = index;
  }
  return nearest;
}
