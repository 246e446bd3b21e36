import { printable } from '@rawreel/text';
import { ProcessorError } from '../processor-error.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { hintAbout } from './ffmpeg-hint.ts';
import { fileUrl } from './file-url.ts';
import { requireFfmpeg } from './known-ffmpeg.ts';

/**
 * Copies a media file's packets into an MP4 whose index stands in front, so that players begin before they have it all.
 *
 * @throws {ProcessorError} ERR_NO_FFMPEG, ERR_REMUX_FAILED with what ffmpeg said last
 */
export async function remuxMp4(from: string, to: string, ffmpegPath: string | undefined): Promise<void> {
  await requireFfmpeg(ffmpegPath, 'MP4', 'choose --container mkv, which needs none.');
  let said = '';
  const command = ffmpegCommand(ffmpegPath)
    .input(fileUrl(from))
    .outputOptions('-loglevel', 'error', '-nostats', '-map', '0', '-c', 'copy')
    .outputOptions('-movflags', '+faststart+use_metadata_tags', '-f', 'mp4')
    .output(fileUrl(to))
    .on('stderr', (line: string) => {
      if (line.trim() !== '') said = line.trim();
    });
  await new Promise<void>((resolve, reject) => {
    command.on('end', () => resolve());
    command.on('error', (cause: Error) => {
      reject(
        new ProcessorError(
          'ERR_REMUX_FAILED',
          `ffmpeg cannot write the MP4: ${printable(said || cause.message)}`,
          {
            ...hintAbout(said),
            cause,
          },
        ),
      );
    });
    command.run();
  });
}
