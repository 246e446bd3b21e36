import { printable } from '@rawreel/text';
import { knownFfmpeg } from './known-ffmpeg.ts';

/**
 * fluent-ffmpeg 2.1.3 takes the process down when the program is missing, so that is found out first.
 *
 * @throws what is missing: the program or the encoder.
 */
export async function requireEncoder(encoder: string, ffmpegPath: string | undefined): Promise<void> {
  const found = await knownFfmpeg(ffmpegPath);
  if ('reason' in found) throw new Error(found.message);
  if (!found.encoders.includes(encoder))
    throw new Error(`${printable(found.path)} ${found.version} has no encoder ${encoder}`);
}
