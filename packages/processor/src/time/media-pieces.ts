import type { DelayPiece, DelaySample } from './delay-profile.ts';
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
  /** The least delayed packets, in order. */
  readonly samples: readonly DelaySample[];
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
    const stretches = scan.pieces.flatMap((piece) => stretchesOf(piece, shiftMs));
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
        stepMs: isGoingOn ? leastDelay(stretch.samples) - leastDelay(previous.samples) : stretch.stepMs,
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

/**
 * By how much the least delayed packet was received later than its media time says, what its clock falls behind by its rate taken
 * out; infinite of none.
 */
export function leastDelay(
  samples: readonly DelaySample[],
  gain: (mediaMs: number) => number = () => 0,
  { fromMs, toMs } = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY },
): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { mediaMs, receivedMs } of samples)
    if (mediaMs >= fromMs && mediaMs <= toMs) least = Math.min(least, receivedMs - mediaMs - gain(mediaMs));
  return least;
}

type Stretch = Omit<DelayPiece, 'samples'> & { readonly samples: readonly DelaySample[] };

/** A piece of a scan in stretches of a few seconds: a level is looked for in each. */
function stretchesOf({ samples: flat, ...piece }: DelayPiece, shiftMs: number): Stretch[] {
  const groups: DelaySample[][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const sample = { mediaMs: (flat[at] ?? 0) + shiftMs, receivedMs: flat[at + 1] ?? 0 };
    const group = groups.at(-1);
    if (group?.[0] !== undefined && sample.mediaMs - group[0].mediaMs < STRETCH_MS) group.push(sample);
    else groups.push([sample]);
  }
  return groups.map((samples, index) => {
    const [first, next] = [samples[0], groups[index + 1]?.[0]];
    const isFirst = index === 0 || first === undefined;
    return {
      samples,
      fromMs: isFirst ? piece.fromMs + shiftMs : first.mediaMs,
      toMs: next?.mediaMs ?? piece.toMs + shiftMs,
      firstReceivedMs: isFirst ? piece.firstReceivedMs : first.receivedMs,
      lastReceivedMs: next?.receivedMs ?? piece.lastReceivedMs,
      stepMs: index === 0 ? piece.stepMs : undefined,
    };
  });
}

/** Of each stretch the reports that came while it was received; those of a pause go. Pairs that were sent again count once. */
function reportsOfStretches(
  { reports }: RunScan,
  stretches: readonly Stretch[],
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

function nearestByMedia(stretches: readonly Stretch[], mediaMs: number): number {
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
