import { FfmpegProcess } from './ffmpeg-process.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';

/** H.264 encoders of graphics chips that take pictures from memory, by ffmpeg's names. */
const HARDWARE_ENCODERS = [
  'h264_videotoolbox',
  'h264_nvenc',
  'h264_qsv',
  'h264_amf',
  'h264_mf',
  'h264_v4l2m2m',
];

/** A driver that does not answer is none. */
const PATIENCE_MS = 5000;

/** Those that an ffmpeg was built with; whether this machine has what they need, only trying tells. */
export const hardwareEncodersOf = ({ encoders }: Pick<Ffmpeg, 'encoders'>): readonly string[] =>
  HARDWARE_ENCODERS.filter((encoder) => encoders.includes(encoder));

/** Whether some pictures can be encoded with it. */
export async function tryEncoder(
  encoder: string,
  ffmpegPath?: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const ffmpeg = new FfmpegProcess(
    [
      ...['-nostdin', '-f', 'lavfi', '-i', 'color=black:s=640x360:r=25', '-frames:v', '5'],
      ...['-c:v', encoder, '-pix_fmt', 'yuv420p', '-f', 'null', '-'],
    ],
    ffmpegPath,
  );
  const stop = () => void ffmpeg.kill();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal?.addEventListener('abort', stop, { once: true });
  ffmpeg.stdout.resume();
  const { failure } = await ffmpeg.ended;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  return failure === undefined;
}
