import { ProcessorError } from '../processor-error.ts';
import { lookForFfmpeg } from './find-ffmpeg.ts';

/** What was found at a path: looking costs a process, and an answer holds for this one's life. */
const FOUND = new Map<string | undefined, ReturnType<typeof lookForFfmpeg>>();

/** As `lookForFfmpeg`, which is asked once for a path. */
export function knownFfmpeg(ffmpegPath: string | undefined): ReturnType<typeof lookForFfmpeg> {
  const looked = FOUND.get(ffmpegPath) ?? lookForFfmpeg(ffmpegPath);
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
  const found = await knownFfmpeg(ffmpegPath);
  if ('version' in found) return;
  const message = `${what} needs ffmpeg, and ${found.message}`;
  throw new ProcessorError('ERR_NO_FFMPEG', message, { hint: `Install ffmpeg, or ${otherwise}` });
}
