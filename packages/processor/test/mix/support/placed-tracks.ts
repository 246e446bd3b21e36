import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, type CallTruth, generateCall } from '@rawreel/fixtures';
import type { PlacedTrack } from '../../../src/read/placed-track.ts';
import { placeRecording } from '../../support/place-recording.ts';

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

export async function placedTracks(path: string): Promise<readonly PlacedTrack[]> {
  await using recording = await openRecording(path);
  return (await placeRecording(recording, { outputs: ['audio'] })).placed;
}
