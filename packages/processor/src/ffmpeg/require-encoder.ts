import { knownFfmpeg } from './known-ffmpeg.ts';

/**
 * fluent-ffmpeg 2.1.3 takes the process down when the program is missing, so that is found out first.
 *
 * @throws what is missing: the program or the encoder.
 */
export async function requireEncoder(encoder: string, ffmpegPath: string | undefined): Promise<void> {
  const found = await knownFfmpeg(ffmpegPath);
  if (found === undefined)
    throw new Error(
      `there is no ffmpeg${ffmpegPath === undefined ? ' on the search path' : ` at ${ffmpegPath}`}`,
    );
  if (!found.encoders.includes(encoder))
    throw new Error(`${found.path} ${found.version} has no encoder ${encoder}`);
}
