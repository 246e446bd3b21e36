import type { RunScan } from './run-scan.ts';

/** A straight stretch of a run's clock. */
export interface ClockPiece {
  readonly firstTicks: number;
  /** Unix ms at firstTicks. */
  readonly startMs: number;
  readonly msPerTick: number;
  /** Whether it begins where the one before it ends: if not, the media clock stood or jumped between the two. */
  readonly goesOn: boolean;
}

/** A run on the server's clock. */
export interface PlacedRun extends Omit<RunScan, 'pieces' | 'reports' | 'reportsFrom'> {
  /** In the order of ticks; at least one. */
  readonly clock: readonly ClockPiece[];
  /** Unix ms of its first packet, and of the end of its last. */
  readonly startMs: number;
  readonly endMs: number;
  /** What placed it. */
  readonly source: /** The media clock went on from the run before it. */
    | 'continuous'
    /** Sender reports. */
    | 'reports'
    /** Receive times of the least delayed packets. */
    | 'received';
}

/** The stretch of a run's clock that a moment is on. */
export function clockAt({ clock }: Pick<PlacedRun, 'clock'>, rtpTicks: number): ClockPiece {
  let low = 0;
  let high = clock.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((clock[middle]?.firstTicks ?? 0) <= rtpTicks) low = middle;
    else high = middle - 1;
  }
  return clock[low] as ClockPiece;
}

/** Place of a moment of a run on the server's clock. */
export function unixMsOf(run: Pick<PlacedRun, 'clock'>, rtpTicks: number): number {
  const { firstTicks, startMs, msPerTick } = clockAt(run, rtpTicks);
  return startMs + (rtpTicks - firstTicks) * msPerTick;
}
