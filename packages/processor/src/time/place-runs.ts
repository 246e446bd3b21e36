import { type DelayLine, type DelaySample, delayAt, leastDelay } from './delay-envelope.ts';

/** A sender report of the followed stream. */
export interface ReportSample {
  /** RTP timestamp, unwrapped in its run's ticks. */
  readonly rtpTicks: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
}

/** What a scan knows of one run: one SSRC without a reset, or the part of it before or after a doubtful place. */
export interface RunScan {
  readonly segment: number;
  readonly run: number;
  readonly ssrc: number;
  /** Whether its ticks are counted on from the run before it in the same segment. */
  readonly continuesTicks: boolean;
  readonly firstTicks: number;
  /** Where its last packet or frame ends, as far as its own duration is known. */
  readonly endTicks: number;
  /** Server's clock, unix ms. */
  readonly firstReceivedMs: number;
  readonly lastReceivedMs: number;
  readonly packets: number;
  readonly delays: readonly DelaySample[];
  readonly reports: readonly ReportSample[];
  readonly reportsFrom: 'dump' | 'metadata';
}

/** A run on the server's clock. */
export interface PlacedRun extends RunScan {
  /** Unix ms at firstTicks. */
  readonly startMs: number;
  readonly endMs: number;
  /** Milliseconds per tick. */
  readonly msPerTick: number;
  /** What placed it. */
  readonly source: /** The RTP clock went on from the run before it. */
    | 'continuous'
    /** Sender reports before and after tell how long the RTP clock stood still or jumped. */
    | 'reports'
    /** Receive times of the least delayed packets. */
    | 'received';
}

/** Two estimates of one moment from receive times agree within this: jitter that a short segment does not average out. */
const CONTINUITY_MS = 150;

/** Reports come with times of a millisecond's grain, and those derived from them jump by a few. */
const REPORT_GRAIN_MS = 40;

/** A route or a queue can add this to the delay of a whole segment; reports then still say that the RTP clock went on. */
const DELAY_CHANGE_MS = 1000;

/** Beyond this from what receive times say, a participant's clock was set between two reports. */
const CLOCK_STEP_MS = 300;

/** Overlaps up to this come from the placement's own uncertainty: the later run moves. */
const OVERLAP_MS = 60;

/** RTP and receive times of a run may differ by this and a hundredth of its length before its RTP clock counts as broken. */
const BROKEN_CLOCK_MS = 2000;

const TICKS_MODULUS = 2 ** 32;

/** Places a track's runs, given in the order of the recording, on the server's clock. */
export function placeRuns(runs: readonly RunScan[], clockRate: number): PlacedRun[] {
  const placed: PlacedRun[] = [];
  let previous: Previous | undefined;
  for (const scan of runs) {
    const line = leastDelay(scan.delays);
    const msPerTick = mediaClockHolds(scan, clockRate)
      ? 1000 / clockRate
      : (scan.lastReceivedMs - scan.firstReceivedMs) / Math.max(1, scan.endTicks - scan.firstTicks);
    const { startMs, source } = placeStart(scan, line, previous, clockRate);
    const endMs = startMs + (scan.endTicks - scan.firstTicks) * msPerTick;
    const run: PlacedRun = { ...scan, startMs, endMs, msPerTick, source };
    placed.push(run);
    previous = { run, line };
  }
  return placed;
}

/** Place of a moment of a run on the server's clock. */
export const unixMsOf = (
  run: Pick<PlacedRun, 'startMs' | 'firstTicks' | 'msPerTick'>,
  rtpTicks: number,
): number => run.startMs + (rtpTicks - run.firstTicks) * run.msPerTick;

function mediaClockHolds(scan: RunScan, clockRate: number): boolean {
  const mediaMs = ((scan.endTicks - scan.firstTicks) / clockRate) * 1000;
  const receivedMs = scan.lastReceivedMs - scan.firstReceivedMs;
  return Math.abs(mediaMs - receivedMs) <= BROKEN_CLOCK_MS + 0.01 * receivedMs;
}

interface Previous {
  readonly run: PlacedRun;
  readonly line: DelayLine;
}

function placeStart(
  scan: RunScan,
  line: DelayLine,
  previous: Previous | undefined,
  clockRate: number,
): Pick<PlacedRun, 'startMs' | 'source'> {
  const mediaMs = (scan.firstTicks / clockRate) * 1000;
  const received = mediaMs + delayAt(line, mediaMs);
  if (previous === undefined) return { startMs: received, source: 'received' };
  const continued = continuedStart(scan, received, previous.run, clockRate);
  const reported = reportedStart(scan, previous.run, clockRate);
  const { startMs, source } = choose({ received, continued, reported, driftMs: driftOf(previous) });
  if (source === 'continuous') return { startMs, source };
  const overlap = previous.run.endMs - startMs;
  return { startMs: overlap > 0 && overlap <= OVERLAP_MS ? previous.run.endMs : startMs, source };
}

/** Estimates of one moment: `driftMs` is what the run before has departed from the server's clock at its end. */
interface Estimates {
  readonly received: number;
  readonly continued: number | undefined;
  readonly reported: number | undefined;
  readonly driftMs: number;
}

/**
 * The RTP clock is exact as long as it went on, which reports on both sides of the gap tell, or else receive times. If it
 * did not, reports are exact as long as the participant's clock was not set in between, which receive times tell.
 */
function choose({
  received,
  continued,
  reported,
  driftMs,
}: Estimates): Pick<PlacedRun, 'startMs' | 'source'> {
  const agrees = (estimate: number, withinMs: number) => Math.abs(received - estimate - driftMs) <= withinMs;
  if (continued !== undefined) {
    const isReported = reported !== undefined && Math.abs(reported - continued) <= REPORT_GRAIN_MS;
    if (agrees(continued, isReported ? DELAY_CHANGE_MS : CONTINUITY_MS))
      return { startMs: continued, source: 'continuous' };
  }
  if (reported !== undefined && agrees(reported, CLOCK_STEP_MS))
    return { startMs: reported, source: 'reports' };
  return { startMs: received, source: 'received' };
}

/** By how much the server's clock has gone ahead of where the run before was placed, seen from that run's end. */
function driftOf({ run, line }: Previous): number {
  const receivedStartMs = line.mediaMs + line.delayMs;
  return receivedStartMs - run.startMs + line.slope * (run.endMs - run.startMs);
}

/** Where the RTP clock of the run before puts this one; undefined where it cannot be the same clock. */
function continuedStart(
  scan: RunScan,
  received: number,
  run: PlacedRun,
  clockRate: number,
): number | undefined {
  if (run.ssrc !== scan.ssrc) return undefined;
  let ticks = scan.firstTicks - run.firstTicks;
  if (!(scan.continuesTicks && scan.segment === run.segment)) {
    const expected = ((received - run.startMs) * clockRate) / 1000;
    ticks += Math.round((expected - ticks) / TICKS_MODULUS) * TICKS_MODULUS;
  }
  return ticks < 0 ? undefined : run.startMs + ticks * run.msPerTick;
}

/** The reports nearest to the gap, on both of its sides, tell its length on the participant's clock. */
function reportedStart(scan: RunScan, previous: PlacedRun, clockRate: number): number | undefined {
  const before = reportOffset(previous.reports.slice(-5), clockRate);
  const after = reportOffset(scan.reports.slice(0, 5), clockRate);
  if (before === undefined || after === undefined) return undefined;
  const msPerTick = 1000 / clockRate;
  const ntpOfPreviousStart = previous.firstTicks * msPerTick + before;
  const ntpOfStart = scan.firstTicks * msPerTick + after;
  return previous.startMs + (ntpOfStart - ntpOfPreviousStart);
}

/** Median of NTP minus media time. */
function reportOffset(reports: readonly ReportSample[], clockRate: number): number | undefined {
  const offsets = reports
    .map((report) => report.ntpMs - (report.rtpTicks / clockRate) * 1000)
    .sort((a, b) => a - b);
  return offsets[offsets.length >> 1];
}
