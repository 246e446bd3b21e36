import { ProcessorError } from '../processor-error.ts';
import { findFfmpeg } from './find-ffmpeg.ts';

/** What was found at a path: looking costs two processes, and an answer holds for this one's life. */
const FOUND = new Map<string | undefined, ReturnType<typeof findFfmpeg>>();

/** As `findFfmpeg`, which is asked once for a path. */
export function knownFfmpeg(ffmpegPath: string | undefined): ReturnType<typeof findFfmpeg> {
  const looked = FOUND.get(ffmpegPath) ?? findFfmpeg(ffmpegPath);
  FOUND.set(ffmpegPath, looked);
  return looked;
}

/**
 * @param what needs it, as the beginning of a sentence
 * @param otherwise what can be done without it
 * @throws {ProcessorError} ERR_NO_FFMPEG
 */
export async function requireFfmpeg(
  ffmpegPath: string | undefined,
  what: string,
  otherwise: string,
): Promise<void> {
  if ((await knownFfmpeg(ffmpegPath)) !== undefined) return;
  const message = `${what} needs ffmpeg, and there is none at ${ffmpegPath ?? 'ffmpeg'}`;
  throw new ProcessorError('ERR_NO_FFMPEG', message, { hint: `Install ffmpeg, or ${otherwise}` });
}
