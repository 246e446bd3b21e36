import type { DelayPiece } from './delay-profile.ts';
import type { ReportSample, RunScan } from './run-scan.ts';
import { SILENCE_MS } from './scales.ts';
import { AGREEMENT_MS } from './server-clock.ts';

/** A sender report on the scale of the piece that was being received when it came. */
export interface PieceReport {
  /** Among the track's pieces. */
  readonly piece: number;
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
  /** Which of the track's pieces it is, and of which of its runs. */
  readonly index: number;
  readonly run: number;
  /** Pieces of one SSRC, whose counter goes on over segments, share a clock. */
  readonly clock: number;
  /** What is added to the run's own media time. */
  readonly shiftMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstReceivedMs: number;
  readonly lastReceivedMs: number;
  /** Its least delayed packets among the track's: the first, and the first of the next piece. */
  readonly samplesFrom: number;
  readonly samplesTo: number;
  /** What arrivals show of a step at its beginning. */
  readonly stepMs: number | undefined;
  /** Before it nothing was received for a while, or another segment: the counter may have stood. */
  readonly isBehindPause: boolean;
}

/** The least delayed packets of a track, in order. */
export interface Samples {
  readonly mediaMs: Float64Array;
  readonly receivedMs: Float64Array;
}

export interface TrackPieces {
  readonly pieces: readonly Piece[];
  readonly samples: Samples;
  /** In the order of their pieces. */
  readonly reports: readonly PieceReport[];
  /** Of each piece, at how many places up to its beginning the clock may have made a step. */
  readonly steps: Uint32Array;
}

const TICKS_MODULUS = 2 ** 32;

/** Long enough for a least delayed packet, short enough that a rate of 1 % bends no level. */
export const STRETCH_MS = 4000;

/** What the pieces of a run have in common. */
interface Scale extends Pick<Piece, 'run' | 'clock' | 'shiftMs'> {
  /** Whether its clock goes on from another segment's, and whether there is one before it. */
  readonly goesOn: boolean;
  readonly isOtherSegment: boolean;
}

/** The pieces of a track's runs, in the order of the recording, and the reports that came while they were received. */
export function piecesOf(runs: readonly RunScan[], clockRate: number): TrackPieces {
  const pieces: Piece[] = [];
  const samples = room(runs);
  const reports: PieceReport[] = [];
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
      addPieces(pieces, first, samples, piece, { run, clock, shiftMs, goesOn, isOtherSegment });
    addReports(reports, pieces, first, scan, ticksMs, shiftMs);
    latest.set(scan.ssrc, {
      clock,
      endMs: scan.endTicks * ticksMs + shiftMs,
      receivedMs: scan.lastReceivedMs,
    });
    before = scan;
  }
  return { pieces, samples, reports, steps: stepsOf(pieces) };
}

function stepsOf(pieces: readonly Piece[]): Uint32Array {
  const counts = new Uint32Array(pieces.length);
  let steps = 0;
  for (let index = 0; index < counts.length; index++) {
    if (mayStepAt(pieces[index])) steps++;
    counts[index] = steps;
  }
  return counts;
}

function room(runs: readonly RunScan[]): Samples {
  let count = 0;
  for (const { pieces } of runs) for (const { samples } of pieces) count += samples.length / 2;
  return { mediaMs: new Float64Array(count), receivedMs: new Float64Array(count) };
}

/** Whether a clock may have made a step at the beginning of a piece. */
export const mayStepAt = (piece: Piece | undefined): boolean =>
  piece === undefined || piece.stepMs !== undefined || piece.isBehindPause;

/** A piece of a scan in stretches of a few seconds: a level is looked for in each. */
function addPieces(
  pieces: Piece[],
  first: number,
  samples: Samples,
  scan: DelayPiece,
  { run, clock, shiftMs, goesOn, isOtherSegment }: Scale,
): void {
  const { mediaMs, receivedMs } = samples;
  const begin = pieces.at(-1)?.samplesTo ?? 0;
  const end = begin + scan.samples.length / 2;
  for (let at = begin; at < end; at++) {
    mediaMs[at] = (scan.samples[2 * (at - begin)] as number) + shiftMs;
    receivedMs[at] = scan.samples[2 * (at - begin) + 1] as number;
  }
  for (let from = begin, to = begin; from < end; from = to) {
    while (to < end && (mediaMs[to] as number) - (mediaMs[from] as number) < STRETCH_MS) to++;
    const [isFirst, isLast] = [from === begin, to === end];
    const before = pieces.at(-1);
    const isFirstOfRun = pieces.length === first;
    const firstReceivedMs = isFirst ? scan.firstReceivedMs : (receivedMs[from] as number);
    const silentMs = before === undefined ? 0 : firstReceivedMs - before.lastReceivedMs;
    const isGoingOn = goesOn && isFirstOfRun && before !== undefined;
    pieces.push({
      index: pieces.length,
      run,
      clock,
      shiftMs,
      fromMs: isFirst ? scan.fromMs + shiftMs : (mediaMs[from] as number),
      toMs: isLast ? scan.toMs + shiftMs : (mediaMs[to] as number),
      firstReceivedMs,
      lastReceivedMs: isLast ? scan.lastReceivedMs : (receivedMs[to] as number),
      samplesFrom: from,
      samplesTo: to,
      stepMs: isGoingOn
        ? leastDelay(samples, from, to) - leastDelay(samples, before.samplesFrom, before.samplesTo)
        : isFirst
          ? scan.stepMs
          : undefined,
      isBehindPause: silentMs > SILENCE_MS || (isOtherSegment && isFirstOfRun),
    });
  }
}

/** By how much the least delayed of these packets was received later than its media time says. */
function leastDelay({ mediaMs, receivedMs }: Samples, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at++)
    least = Math.min(least, (receivedMs[at] as number) - (mediaMs[at] as number));
  return least;
}

/** The reports that came while a run's pieces were received; those of a pause go. Pairs that were sent again count once. */
function addReports(
  added: PieceReport[],
  pieces: readonly Piece[],
  first: number,
  { reports }: RunScan,
  ticksMs: number,
  shiftMs: number,
): void {
  let piece = first;
  let mostTicks = Number.NEGATIVE_INFINITY;
  /** What was said of ticks; only needed where they do not rise. */
  let ntpMsOf: Map<number, number> | undefined;
  for (let index = 0; index < reports.length; index++) {
    const { rtpTicks, ntpMs, receivedMs } = reports[index] as ReportSample;
    if (rtpTicks <= mostTicks)
      ntpMsOf ??= new Map(reports.slice(0, index).map((report) => [report.rtpTicks, report.ntpMs]));
    if (ntpMsOf?.get(rtpTicks) === ntpMs) continue;
    ntpMsOf?.set(rtpTicks, ntpMs);
    mostTicks = Math.max(mostTicks, rtpTicks);
    const mediaMs = rtpTicks * ticksMs + shiftMs;
    if (receivedMs === undefined) piece = nearestByMedia(pieces, first, mediaMs);
    else while ((pieces[piece + 1]?.firstReceivedMs ?? Number.POSITIVE_INFINITY) <= receivedMs) piece++;
    if (isDuring(pieces[piece], receivedMs)) added.push({ piece, mediaMs, ntpMs });
  }
}

/** Of reports that the metadata names it is not known when they came. */
const isDuring = (piece: Piece | undefined, receivedMs: number | undefined): boolean =>
  piece !== undefined &&
  (receivedMs === undefined ||
    (receivedMs >= piece.firstReceivedMs - SILENCE_MS && receivedMs <= piece.lastReceivedMs + SILENCE_MS));

function nearestByMedia(pieces: readonly Piece[], first: number, mediaMs: number): number {
  let nearest = first;
  let leastMs = Number.POSITIVE_INFINITY;
  for (let at = first; at < pieces.length; at++) {
    const { fromMs, toMs } = pieces[at] as Piece;
    const awayMs = Math.max(fromMs - mediaMs, mediaMs - toMs, 0);
    if (awayMs >= leastMs) continue;
    leastMs = awayMs;
    nearest = at;
  }
  return nearest;
}
