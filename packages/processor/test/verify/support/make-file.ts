import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import type { GeneratedCall } from '@rawreel/fixtures';
import { CODECS } from '@rawreel/rtp';
import type { PlanRequest } from '../../../src/plan/plan.ts';
import type { PlacedTrack } from '../../../src/read/placed-track.ts';
import { TimeWitness } from '../../../src/verify/clock-evidence/time-witness.ts';
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

/** Writes the tracks of a call into one file as the pipeline does, in the order of the plan; both writer and source have what `misplace` makes of their places. */
export async function makeFile(
  call: GeneratedCall,
  folder: string,
  request: Partial<PlanRequest> = {},
  misplace = (placed: PlacedTrack): PlacedTrack => placed,
): Promise<MadeFile> {
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const recording = await openRecording(archive);
  const { plan, placed: solved } = await placeRecording(recording, {
    outputs: ['audio', 'video'],
    ...request,
  });
  const placed = solved.map(misplace);
  const settings = { plan, zeroUnixMs: plan.zeroUnixMs ?? 0, workFolder: folder, madeBy: 'test' };
  const path = join(folder, `${++count}.mkv`);
  const writer = new MediaWriter(settings, placed, { path, docType: 'matroska' }, READING);
  const written = await writer.write();
  await writer.close();
  const filled = plan.gaps === 'fill' && plan.dtx === 'fill';
  const bridgesOf = ({ track: { trackId, kind } }: PlacedTrack) =>
    written?.tracks
      .find((track) => track.trackId === trackId && track.kind === kind)
      ?.gaps.filter(({ filledWith }) => filledWith === 'black')
      .map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })) ?? [];
  const clock = { fileZeroMs: fileZeroOf(settings, placed), nearMs: settings.zeroUnixMs };
  return {
    path,
    expected: (copy = path) => ({
      path: copy,
      tracks: placed.map((track) => {
        const witness = new TimeWitness(CODECS[track.codec].clockRate);
        return {
          kind: track.track.kind,
          frames: sourceFrames(track, { ...clock, witness }, READING),
          codedFrames: () => codedFrames(track, clock.fileZeroMs, READING),
          bridges: bridgesOf(track),
          clock: { witness, uncertaintyMs: track.clock.uncertaintyMs },
          filled,
        };
      }),
    }),
    [Symbol.asyncDispose]: async () => await recording[Symbol.asyncDispose](),
  };
}
