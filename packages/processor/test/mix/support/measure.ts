import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Measured {
  readonly truePeakDb: number;
  readonly loudnessLufs: number;
}

/** What ffmpeg's EBU R128 meter says of a decoded stream, all of it or one channel. */
export async function measure(
  path: string,
  { stream = 0, channel }: { stream?: number; channel?: number } = {},
): Promise<Measured> {
  const filter = `${channel === undefined ? '' : `pan=mono|c0=c${channel},`}ebur128=peak=true`;
  const { stderr } = await run('ffmpeg', [
    ...['-hide_banner', '-nostats', '-i', path, '-map', `0:a:${stream}`],
    ...['-af', filter, '-f', 'null', '-'],
  ]);
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  return {
    truePeakDb: Number(/Peak:\s+(\S+) dBFS/.exec(summary)?.[1]),
    loudnessLufs: Number(/I:\s+(\S+) LUFS/.exec(summary)?.[1]),
  };
}

/** Samples of a decoded stream as ffmpeg gives them, channel by channel. */
export async function pcmIn(path: string, stream = 0, channels = 1): Promise<Float32Array[]> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-map', `0:a:${stream}`, '-f', 'f32le', '-ac', `${channels}`, '-'],
    { encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  const interleaved = new Float32Array(stdout.length >> 2);
  Buffer.from(interleaved.buffer).set(stdout);
  return Array.from({ length: channels }, (_, channel) =>
    interleaved.filter((_, index) => index % channels === channel),
  );
}
