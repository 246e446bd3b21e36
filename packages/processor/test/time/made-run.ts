import { DelayProfile } from '../../src/time/delay-profile.ts';
import type { ReportSample, RunScan } from '../../src/time/run-scan.ts';

export const RATE = 48_000;
export const T0 = 1_795_167_000_000;

export interface Made {
  segment?: number;
  run?: number;
  ssrc?: number;
  continuesTicks?: boolean;
  /** Capture time of the first packet, ms after T0. */
  atMs: number;
  lengthMs: number;
  firstTicks: number;
  /** Network delay of packet n. */
  delay?: (index: number) => number;
  driftPpm?: number;
  /** Ticks by which packet n is ahead of what 20 ms a packet come to. */
  jump?: (index: number) => number;
  reports?: ReportSample[];
}

/** A run of 20 ms packets, captured on time and received after a delay. */
export function made({
  segment = 0,
  run = 0,
  ssrc = 1,
  continuesTicks = false,
  atMs,
  lengthMs,
  firstTicks,
  delay = () => 30,
  driftPpm = 0,
  jump = () => 0,
  reports = [],
}: Made): RunScan {
  const profile = new DelayProfile();
  const count = lengthMs / 20;
  const ticksOf = (index: number) => firstTicks + index * 960 + jump(index);
  const received = (index: number) => T0 + atMs + index * 20 * (1 + driftPpm / 1e6) + delay(index);
  let lastReceivedMs = 0;
  for (let index = 0; index < count; index++) {
    profile.add((ticksOf(index) / RATE) * 1000, received(index));
    lastReceivedMs = Math.max(lastReceivedMs, received(index));
  }
  return {
    segment,
    run,
    ssrc,
    continuesTicks,
    firstTicks,
    endTicks: ticksOf(count - 1) + 960,
    firstReceivedMs: received(0),
    lastReceivedMs,
    packets: count,
    pieces: profile.pieces(),
    reports,
    reportsFrom: 'dump',
  };
}
