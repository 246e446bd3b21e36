import type { PlannedSegment } from '../plan/plan.ts';
import type { DumpPackets } from '../read/dump-packets.ts';
import type { LostTail } from '../read/segment-scan.ts';
import type { RunScan } from '../time/run-scan.ts';

/** Metadata and dump are written by different hands: less between their last packets is no loss. */
const LEAST_LOST_MS = 250;

/** How much longer a segment was received than its dump goes, as the metadata tells; undefined where it is all there. */
export function lostTail(
  { firstOffsetMs, lastOffsetMs }: DumpPackets,
  { timing: { firstRtpUnixMs, lastRtpUnixMs } }: PlannedSegment,
  runs: readonly RunScan[],
): LostTail | undefined {
  const last = runs.at(-1);
  if (last === undefined || firstOffsetMs === undefined || lastOffsetMs === undefined) return undefined;
  if (firstRtpUnixMs === undefined || lastRtpUnixMs === undefined) return undefined;
  const lostMs = lastRtpUnixMs - firstRtpUnixMs - (lastOffsetMs - firstOffsetMs);
  if (lostMs < LEAST_LOST_MS) return undefined;
  return { fromMs: last.lastReceivedMs, untilMs: last.lastReceivedMs + lostMs };
}
