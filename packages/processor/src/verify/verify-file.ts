import { extname } from 'node:path';
import { decodeFile, samplesMismatches } from './decode-file.ts';
import type { ExpectedFile } from './expectation.ts';
import { type Compared, FileComparison } from './file-comparison.ts';
import { MatroskaWalk } from './matroska-walk.ts';
import type { Mismatch } from './mismatch.ts';
import { ProbeWalk } from './probe-walk.ts';
import { ContainerFault, type WalkedFile } from './walked-file.ts';

export interface VerifyOptions {
  /** The ffmpeg that decodes; unless told otherwise the one on the search path. ffprobe is looked for beside it. */
  readonly ffmpegPath?: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads a finished file back and compares it with its source: container, frames, times, lengths; then decodes it. Whatever
 * the file holds ends in mismatches.
 *
 * @returns what is wrong; nothing for a sound file.
 * @throws what reading the source throws, and the signal's reason.
 */
export async function verifyFile(
  expected: ExpectedFile,
  options: VerifyOptions = {},
): Promise<readonly Mismatch[]> {
  const { mismatches, samples } = await compareFile(expected, options);
  const kinds = new Set(expected.tracks.map(({ kind }) => kind));
  const decoded = await decodeFile(expected.path, { ...options, kinds });
  const ofSamples = samples === undefined ? [] : samplesMismatches(decoded.audioMs, samples);
  return [...mismatches, ...decoded.mismatches, ...ofSamples];
}

/** The part that needs no decoder. */
export async function compareFile(expected: ExpectedFile, options: VerifyOptions = {}): Promise<Compared> {
  let file: WalkedFile | undefined;
  try {
    file = await openWalk(expected.path, options);
    return await new FileComparison(expected, file).run(options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (file !== undefined && !(error instanceof ContainerFault)) throw error;
    const { message } = error as Error;
    return { mismatches: [{ what: 'container', message }], samples: undefined };
  } finally {
    file?.close();
  }
}

const MATROSKA_ENDINGS: ReadonlySet<string> = new Set(['.mkv', '.mka', '.webm']);

async function openWalk(path: string, { ffmpegPath, signal }: VerifyOptions): Promise<WalkedFile> {
  if (MATROSKA_ENDINGS.has(extname(path))) return new MatroskaWalk(path);
  return await ProbeWalk.open(path, ffmpegPath, signal);
}
