import type { MuxedOutput, TrackOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import type { ExpectedFile } from '../verify/expectation.ts';
import { sourceFrames } from '../verify/source-frames.ts';
import { verifyFile } from '../verify/verify-file.ts';
import type { Making } from '../write/making.ts';
import type { WrittenMedia } from '../write/media-writer.ts';
import { type JobEvents, readingOf } from './job.ts';

/**
 * Reads a written output back and holds it against its source, read anew.
 *
 * @throws {ProcessorError} ERR_OUTPUT_DIFFERS, naming each mismatch.
 */
export async function verifyOutput(
  making: Making,
  output: TrackOutput | MuxedOutput,
  placed: readonly PlacedTrack[],
  written: WrittenMedia,
  path: string,
  events: JobEvents,
): Promise<void> {
  const { gaps, dtx } = making.plan;
  const reading = readingOf(making, events, () => undefined);
  const tracks = written.tracks.flatMap(({ kind, trackId, drift }) => {
    const source = placed.find(({ track }) => track.trackId === trackId && track.kind === kind);
    if (source === undefined) return [];
    return {
      kind,
      frames: sourceFrames(source, written.fileZeroMs, reading),
      leftOutAllowed: drift?.packetsLeftOut ?? 0,
      filled: gaps === 'fill' && dtx === 'fill',
    };
  });
  await expectNoMismatch({ path, tracks }, output.file, making, events);
}

/** @throws {ProcessorError} ERR_OUTPUT_DIFFERS */
export async function expectNoMismatch(
  expected: ExpectedFile,
  name: string,
  { ffmpegPath }: Making,
  { signal }: JobEvents,
): Promise<void> {
  const mismatches = await verifyFile(expected, {
    ...(ffmpegPath === undefined ? {} : { ffmpegPath }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (mismatches.length === 0) return;
  const messages = mismatches.map(({ what, message }) => `${what}: ${message}`).join('; ');
  throw new ProcessorError('ERR_OUTPUT_DIFFERS', `${name} is not what its source asks for: ${messages}`, {
    hint: 'It was not kept. Run it again; if it happens again, report it with what --verbose prints.',
  });
}
