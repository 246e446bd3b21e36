import { DelayEnvelope } from '../../src/time/delay-envelope.ts';
import type { ReportSample, RunScan } from '../../src/time/place-runs.ts';

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
  reports = [],
}: Made): RunScan {
  const envelope = new DelayEnvelope();
  const count = lengthMs / 20;
  const received = (index: number) => T0 + atMs + index * 20 * (1 + driftPpm / 1e6) + delay(index);
  let lastReceivedMs = 0;
  for (let index = 0; index < count; index++) {
    envelope.add(((firstTicks + index * 960) / RATE) * 1000, received(index));
    lastReceivedMs = Math.max(lastReceivedMs, received(index));
  }
  return {
    segment,
    run,
    ssrc,
    continuesTicks,
    firstTicks,
    endTicks: firstTicks + count * 960,
    firstReceivedMs: received(0),
    lastReceivedMs,
    packets: count,
    delays: envelope.samples(),
    reports,
    reportsFrom: 'dump',
  };
}
