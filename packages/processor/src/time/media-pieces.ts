import type { DelayPiece, DelaySample } from './delay-profile.ts';
import type { RunScan } from './run-scan.ts';

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
const STRETCH_MS = 4000;

/** Without packets for so long a report says where the counter would be: senders guess then, or stand. */
const PAUSE_MS = 600;

/** A counter that is further off after a pause has begun anew, as far as anybody can tell. */
const MOST_STEP_MS = 20_000;

/** A report may come a little before the first packet that it speaks of. */
const LEAD_MS = 1000;

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
    const goesOn =
      known !== undefined && isOtherSegment && Math.abs(firstMs + shiftMs - expectedMs) <= MOST_STEP_MS;
    const clock = goesOn ? known.clock : clocks++;
    const stretches = scan.pieces.flatMap(stretchesOf);
    const reports = reportsOfPieces(scan, stretches, ticksMs);
    for (const [index, piece] of stretches.entries()) {
      const previous = pieces.at(-1);
      const silentMs = previous === undefined ? 0 : piece.firstReceivedMs - previous.lastReceivedMs;
      const samples = piece.samples.map(({ mediaMs, receivedMs }) => ({
        mediaMs: mediaMs + shiftMs,
        receivedMs,
      }));
      const isGoingOn = index === 0 && goesOn && previous !== undefined;
      pieces.push({
        run,
        clock,
        shiftMs,
        fromMs: piece.fromMs + shiftMs,
        toMs: piece.toMs + shiftMs,
        firstReceivedMs: piece.firstReceivedMs,
        lastReceivedMs: piece.lastReceivedMs,
        samples,
        reports: (reports[index] ?? []).map(({ mediaMs, ntpMs }) => ({ mediaMs: mediaMs + shiftMs, ntpMs })),
        stepMs: isGoingOn ? leastDelay(samples) - leastDelay(previous.samples) : piece.stepMs,
        isBehindPause: silentMs > PAUSE_MS || (index === 0 && isOtherSegment),
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

const leastDelay = (samples: readonly DelaySample[]): number =>
  samples.reduce(
    (least, { mediaMs, receivedMs }) => Math.min(least, receivedMs - mediaMs),
    Number.POSITIVE_INFINITY,
  );

type ScannedStretch = Omit<DelayPiece, 'samples'> & { readonly samples: readonly DelaySample[] };

/** A piece of a scan in stretches of a few seconds: a level is looked for in each. */
function stretchesOf({ samples: flat, ...piece }: DelayPiece): ScannedStretch[] {
  const groups: DelaySample[][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const sample = { mediaMs: flat[at] ?? 0, receivedMs: flat[at + 1] ?? 0 };
    const group = groups.at(-1);
    if (group?.[0] !== undefined && sample.mediaMs - group[0].mediaMs < STRETCH_MS) group.push(sample);
    else groups.push([sample]);
  }
  return groups.map((samples, index) => {
    const [first, next] = [samples[0], groups[index + 1]?.[0]];
    const isFirst = index === 0 || first === undefined;
    return {
      samples,
      fromMs: isFirst ? piece.fromMs : first.mediaMs,
      toMs: next?.mediaMs ?? piece.toMs,
      firstReceivedMs: isFirst ? piece.firstReceivedMs : first.receivedMs,
      lastReceivedMs: next?.receivedMs ?? piece.lastReceivedMs,
      stepMs: index === 0 ? piece.stepMs : undefined,
    };
  });
}

/** Of each piece the reports that came while it was received; those of a pause go. Pairs that were sent again count once. */
function reportsOfPieces(
  { reports }: RunScan,
  pieces: readonly ScannedStretch[],
  ticksMs: number,
): PieceReport[][] {
  const found = pieces.map((): PieceReport[] => []);
  const seen = new Set<string>();
  let at = 0;
  for (const { rtpTicks, ntpMs, receivedMs } of reports) {
    const mediaMs = rtpTicks * ticksMs;
    const pair = `${rtpTicks} ${ntpMs}`;
    if (seen.has(pair)) continue;
    seen.add(pair);
    if (receivedMs === undefined) {
      nearestByMedia(pieces, found, mediaMs)?.push({ mediaMs, ntpMs });
      continue;
    }
    while (at + 1 < pieces.length && (pieces[at + 1]?.firstReceivedMs ?? 0) <= receivedMs) at++;
    const piece = pieces[at];
    if (piece === undefined) continue;
    const isEarly = at === 0 && receivedMs < piece.firstReceivedMs;
    const isSoon = receivedMs >= piece.firstReceivedMs - LEAD_MS;
    const isDuring = receivedMs <= piece.lastReceivedMs + PAUSE_MS;
    if (isEarly ? isSoon : isDuring) found[at]?.push({ mediaMs, ntpMs });
  }
  return found;
}

function nearestByMedia(
  pieces: readonly ScannedStretch[],
  found: PieceReport[][],
  mediaMs: number,
): PieceReport[] | undefined {
  let best = 0;
  let leastMs = Number.POSITIVE_INFINITY;
  for (const [index, { fromMs, toMs }] of pieces.entries()) {
    const awayMs = Math.max(fromMs - mediaMs, mediaMs - toMs, 0);
    if (awayMs >= leastMs) continue;
    leastMs = awayMs;
    best = index;
  }
  return found[best];
}
