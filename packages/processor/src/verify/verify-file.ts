import { extname } from 'node:path';
import { decodeFile, samplesMismatches, type Undecodable } from './decode-file.ts';
import type { ExpectedFile } from './expectation.ts';
import type { DecodingOptions } from './ffmpeg-decoding.ts';
import { type Compared, FileComparison } from './file-comparison.ts';
import { MatroskaWalk } from './matroska-walk.ts';
import type { Mismatch } from './mismatch.ts';
import { ProbeWalk } from './probe-walk.ts';
import { ContainerFault, type WalkedFile } from './walked-file.ts';

export interface Verification {
  /** What is wrong with the file; nothing for a sound one. */
  readonly mismatches: readonly Mismatch[];
  /** Tracks that are in the file as they were recorded, and that no decoder takes so. */
  readonly undecodable: readonly Undecodable[];
  /** How many of the sources' frames were found in the file. */
  readonly frames: number;
}

/**
 * Reads a finished file back and compares it with its source: container, frames, times, lengths; then decodes it. Whatever
 * the file holds ends in mismatches.
 *
 * @throws what reading the source throws, and the signal's reason.
 */
export async function verifyFile(
  expected: ExpectedFile,
  options: DecodingOptions = {},
): Promise<Verification> {
  const { mismatches, samples, frames } = await compareFile(expected, options);
  const decoded = await decodeFile(expected.path, expected.tracks, mismatches.length === 0, options);
  const { undecodable, audioMs } = decoded;
  // What a decoder refuses has no samples to count.
  const isHeard = undecodable.every(({ track }) => expected.tracks[track]?.kind !== 'audio');
  const ofSamples = samples === undefined || !isHeard ? [] : samplesMismatches(audioMs, samples);
  return { mismatches: [...mismatches, ...decoded.mismatches, ...ofSamples], undecodable, frames };
}

/** The part that needs no decoder. */
export async function compareFile(expected: ExpectedFile, options: DecodingOptions = {}): Promise<Compared> {
  let file: WalkedFile | undefined;
  try {
    file = await openWalk(expected.path, options);
    return await new FileComparison(expected, file).run(options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (file !== undefined && !(error instanceof ContainerFault)) throw error;
    const { message } = error as Error;
    return { mismatches: [{ what: 'container', message }], frames: 0, samples: undefined };
  } finally {
    file?.close();
  }
}

const MATROSKA_ENDINGS: ReadonlySet<string> = new Set(['.mkv', '.mka', '.webm']);

async function openWalk(path: string, { ffmpegPath, signal }: DecodingOptions): Promise<WalkedFile> {
  if (MATROSKA_ENDINGS.has(extname(path))) return new MatroskaWalk(path);
  return await ProbeWalk.open(path, ffmpegPath, signal);
}
