import { TimeWitness, type WitnessedTrack } from '@rawreel/processor/clocks';
import type { PlacedTrack, ScannedDumps } from './place-call.ts';

const OPUS_PACKET_MS = 20;

/** What a track's dumps say of its packets' places, as if a file had them there. */
export function witnessed(
  kind: 'audio' | 'video',
  { given, input }: ScannedDumps,
  { unixMs, uncertaintyMs }: PlacedTrack,
): WitnessedTrack {
  const witness = new TimeWitness(input.clockRate);
  const heldMs = kind === 'audio' ? OPUS_PACKET_MS : 0;
  for (const [segment, { runs, ticks, order, receivedMs, reports }] of given.entries()) {
    for (const report of reports) witness.hear(report);
    for (const [number, at] of order.entries()) {
      const next = order[number + 1];
      const [run, rtpTicks] = [runs[at] as number, ticks[at] as number];
      const timeMs = unixMs[segment]?.[at] ?? Number.NaN;
      // A picture is seen with its last packet.
      const isWhole = next === undefined || ticks[next] !== rtpTicks || runs[next] !== run;
      if (!isWhole || Number.isNaN(timeMs)) continue;
      witness.see({ segment, run, rtpTicks, receivedMs: receivedMs[at] as number, heldMs }, timeMs);
    }
  }
  return { kind, testimony: witness.testimony, uncertaintyMs };
}
