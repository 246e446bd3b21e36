import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import type { GeneratedCall } from '@rawreel/fixtures';
import type { PlanRequest } from '../../../src/plan/plan.ts';
import type { PlacedTrack } from '../../../src/read/placed-track.ts';
import type { ExpectedFile } from '../../../src/verify/expectation.ts';
import { codedFrames, sourceFrames } from '../../../src/verify/source-frames.ts';
import { fileZeroOf, MediaWriter } from '../../../src/write/media-writer.ts';
import { placeRecording } from '../../support/place-recording.ts';

export interface MadeFile extends AsyncDisposable {
  readonly path: string;
  /** What a copy of the file at `path` must hold; the source is read anew. */
  expected(path?: string): ExpectedFile;
}

const READING = { onBytes: () => undefined };

let count = 0;

/** Writes the tracks of a call into one file as the pipeline does, in the order of the plan. */
export async function makeFile(
  call: GeneratedCall,
  folder: string,
  request: Partial<PlanRequest> = {},
): Promise<MadeFile> {
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const recording = await openRecording(archive);
  const { plan, placed } = await placeRecording(recording, { outputs: ['audio', 'video'], ...request });
  const settings = { plan, zeroUnixMs: plan.zeroUnixMs ?? 0, workFolder: folder, madeBy: 'test' };
  const path = join(folder, `${++count}.mkv`);
  const writer = new MediaWriter(settings, placed, { path, docType: 'matroska' }, READING);
  await writer.write();
  await writer.close();
  const filled = plan.gaps === 'fill' && plan.dtx === 'fill';
  const frames = (track: PlacedTrack) => sourceFrames(track, fileZeroOf(settings, placed), READING);
  return {
    path,
    expected: (copy = path) => ({
      path: copy,
      tracks: placed.map((track) => ({
        kind: track.track.kind,
        frames: frames(track),
        codedFrames: () => codedFrames(track, READING),
        filled,
      })),
    }),
    [Symbol.asyncDispose]: async () => await recording[Symbol.asyncDispose](),
  };
}
