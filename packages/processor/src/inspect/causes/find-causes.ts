import type { Cause } from '../inspection.ts';
import { badClock } from './bad-clock.ts';
import type { CallMeasures, Finding } from './call-measures.ts';
import { cameraBlocked } from './camera-blocked.ts';
import { congestion } from './congestion.ts';
import { cpuLimited } from './cpu-limited.ts';
import { freezes } from './freezes.ts';
import { lateKeyFrame } from './late-key-frame.ts';
import { packetLoss } from './packet-loss.ts';
import { recordedLate } from './recorded-late.ts';

/** What the measures of a call come of, in the order of time. */
export function findCauses(call: CallMeasures): Cause[] {
  const ofNetwork = [...freezes(call), ...congestion(call)];
  const found = [
    ...ofNetwork,
    ...packetLoss(call, ofNetwork),
    ...cpuLimited(call),
    ...badClock(call),
    ...cameraBlocked(call),
    ...recordedLate(call),
    ...lateKeyFrame(call),
  ];
  return found
    .map((finding) => ({ ...finding, offsetMs: mediaMsOf(finding, call) }))
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** What arrived then was sent earlier, by what it was delayed beyond the least. */
function mediaMsOf({ fromMs, trackIds }: Finding, { tracks }: CallMeasures): number {
  const second = Math.floor(fromMs / 1000);
  const delays = tracks.flatMap(({ trackId, seconds }) => {
    const delay = trackIds.includes(trackId) ? seconds.delayMs[seconds.second.indexOf(second)] : undefined;
    return delay ?? [];
  });
  return Math.max(0, Math.round(fromMs - (delays.length === 0 ? 0 : Math.min(...delays))));
}
