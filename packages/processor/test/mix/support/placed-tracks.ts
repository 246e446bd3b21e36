import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, type CallTruth, generateCall } from '@rawreel/fixtures';
import { planRecording } from '../../../src/plan/plan-recording.ts';
import { clockRateOf } from '../../../src/scan/dump-packets.ts';
import { scanTrack } from '../../../src/scan/scan-track.ts';
import { placeTrack } from '../../../src/time/place-track.ts';
import type { PlacedTrack } from '../../../src/time/placed-track.ts';

export interface PlacedCall {
  readonly tracks: readonly PlacedTrack[];
  readonly zeroUnixMs: number;
  readonly truth: CallTruth;
}

let count = 0;

/** A generated call, written to `folder`, with its sound scanned and placed. Its zero is the call clock's. */
export async function placedCall(folder: string, spec: CallSpec): Promise<PlacedCall> {
  const call = await generateCall(spec);
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  return { tracks: await placedTracks(path), zeroUnixMs: call.truth.startUnixMs, truth: call.truth };
}

export async function placedTracks(path: string): Promise<PlacedTrack[]> {
  await using recording = await openRecording(path);
  const { outputs } = planRecording(recording, { outputs: ['audio'] });
  return await Promise.all(
    outputs.map(async ({ track }) => {
      const scans = await scanTrack(track.segments, { onBytes: () => undefined });
      const runs = placeTrack(
        scans.map((scan) => scan.runs),
        clockRateOf('opus'),
      );
      return { track, codec: 'opus' as const, scans, runs };
    }),
  );
}
