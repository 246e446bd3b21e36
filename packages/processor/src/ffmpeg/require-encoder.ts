import { findFfmpeg } from './find-ffmpeg.ts';

/** What was found at a path: looking costs two processes, and an answer holds for this one's life. */
const FOUND = new Map<string | undefined, ReturnType<typeof findFfmpeg>>();

/**
 * fluent-ffmpeg 2.1.3 takes the process down when the program is missing, so that is found out first.
 *
 * @throws what is missing: the program or the encoder.
 */
export async function requireEncoder(encoder: string, ffmpegPath: string | undefined): Promise<void> {
  const looked = FOUND.get(ffmpegPath) ?? findFfmpeg(ffmpegPath);
  FOUND.set(ffmpegPath, looked);
  const found = await looked;
  if (found === undefined)
    throw new Error(
      `there is no ffmpeg${ffmpegPath === undefined ? ' on the search path' : ` at ${ffmpegPath}`}`,
    );
  if (!found.encoders.includes(encoder))
    throw new Error(`${found.path} ${found.version} has no encoder ${encoder}`);
}
