import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Mismatch, seconds } from './mismatch.ts';

/** Samples come as one octet each, at this rate: the pipe stays narrow. */
const SAMPLES_PER_MS = 48;

const COMPLAINTS_SHOWN = 2;
const LONGEST_COMPLAINT = 200;

/** The outputs complain of two frames in one tick of their own clocks, which nobody uses. */
const OF_OUTPUT = /^\[(?:null|u8)(?: @|\])/;

/** Says which of ffmpeg's objects complains, and is another one each time. */
const ADDRESS = / @ 0x[0-9a-f]+/g;

export interface DecodeOptions {
  readonly ffmpegPath?: string;
  readonly signal?: AbortSignal;
  readonly kinds: ReadonlySet<'audio' | 'video'>;
}

export interface Decoded {
  readonly mismatches: readonly Mismatch[];
  /** Length of the decoded samples of the first audio track; undefined where nothing was decoded. */
  readonly audioMs: number | undefined;
}

/** Decodes all of a file and throws the pictures and sounds away. @throws the signal's reason. */
export async function decodeFile(path: string, options: DecodeOptions): Promise<Decoded> {
  const { ffmpegPath = 'ffmpeg', signal, kinds } = options;
  const ffmpeg = spawn(ffmpegPath, argumentsFor(path, kinds), {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let samples = 0;
  ffmpeg.stdout.on('data', (bytes: Buffer) => {
    samples += bytes.length;
  });
  const complaints: string[] = [];
  let complained = 0;
  createInterface({ input: ffmpeg.stderr }).on('line', (line) => {
    if (OF_OUTPUT.test(line)) return;
    complained++;
    if (complaints.length < COMPLAINTS_SHOWN)
      complaints.push(line.replace(ADDRESS, '').slice(0, LONGEST_COMPLAINT));
  });
  try {
    const [exitCode] = await once(ffmpeg, 'close');
    const audioMs = kinds.has('audio') ? samples / SAMPLES_PER_MS : undefined;
    if (exitCode === 0 && complained === 0) return { mismatches: [], audioMs };
    const said = complained > 0 ? `: ${complaints.join('; ')}` : '';
    const message = `ffmpeg complains ${complained} times and ends with ${exitCode}${said}`;
    return { mismatches: [{ what: 'decode', message }], audioMs };
  } catch (error) {
    signal?.throwIfAborted();
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is no ffmpeg at ${ffmpegPath}` : (error as Error).message;
    return { mismatches: [{ what: 'decode', message: `not decoded: ${why}` }], audioMs: undefined };
  }
}

/** `file:` keeps a name from being taken for a protocol. */
function argumentsFor(path: string, kinds: DecodeOptions['kinds']): string[] {
  const input = ['-v', 'error', '-nostdin', '-noautorotate', '-i', `file:${path}`];
  const video = kinds.has('video') ? ['-map', '0:v', '-f', 'null', '-'] : [];
  const samples = ['-ac', '1', '-ar', `${SAMPLES_PER_MS * 1000}`, '-c:a', 'pcm_u8', '-f', 'u8', 'pipe:1'];
  return [...input, ...video, ...(kinds.has('audio') ? ['-map', '0:a:0', ...samples] : [])];
}

/** What was decoded must be as long as it should. */
export function samplesMismatches(
  audioMs: number | undefined,
  { ms, withinMs }: { readonly ms: number; readonly withinMs: number },
): Mismatch[] {
  if (audioMs === undefined || Math.abs(audioMs - ms) <= withinMs) return [];
  return [{ what: 'decode', message: `audio: decodes to ${seconds(audioMs)}, not ${seconds(ms)}` }];
}
