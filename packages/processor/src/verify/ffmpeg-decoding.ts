import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PICTURE_LINES, pictureOf } from './bridges/picture-lines.ts';
import type { Picture } from './bridges/pictures-behind.ts';
import type { BareStream } from './simple-containers/bare-stream.ts';

/** Samples come as one octet each, at this rate: the pipe stays narrow. */
const SAMPLES_PER_MS = 48;

/** The pipe that lists pictures. */
const PICTURES = 3;

const COMPLAINTS_SHOWN = 2;
const LONGEST_COMPLAINT = 200;

/** The outputs complain of two frames in one tick of their own clocks, which nobody uses. */
const OF_OUTPUT = /^\[(?:null|u8|framehash)(?: @|\])/;

/** Says which of ffmpeg's objects complains, and is another one each time. */
const ADDRESS = / @ 0x[0-9a-f]+/g;

/** How a pipe breaks whose reader wants no more of it. */
const GIVEN_UP: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

export interface DecodingOptions {
  readonly ffmpegPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Told of every picture that comes out of the decoder; times as the input has them. */
export type TakePicture = (picture: Picture) => void;

export type Kinds = ReadonlySet<'audio' | 'video'>;

/** What a decoder makes of something. */
export interface Decoding {
  readonly complaints: number;
  /** How many they are and what the first ones say, or why nothing was decoded. */
  readonly words: string;
  /** Nothing was left out, and nothing complained of. */
  readonly isClean: boolean;
  /** Length of the decoded samples of the first audio track; undefined where there is none, or nothing was decoded. */
  readonly audioMs: number | undefined;
}

/**
 * Decodes what kinds are asked for and throws pictures and sounds away; the first video track's pictures are looked at where
 * that is asked for.
 *
 * @param input a file's path, or a stream
 * @throws what reading the stream throws, and the signal's reason.
 */
export async function decode(
  input: string | BareStream,
  kinds: Kinds,
  { ffmpegPath = 'ffmpeg', signal }: DecodingOptions,
  take?: TakePicture,
): Promise<Decoding> {
  const args = argumentsFor(input, kinds, take !== undefined);
  const ffmpeg = spawn(ffmpegPath, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], signal });
  const ended = once(ffmpeg, 'close');
  let samples = 0;
  ffmpeg.stdout.on('data', (bytes: Buffer) => {
    samples += bytes.length;
  });
  const shown: string[] = [];
  let complaints = 0;
  createInterface({ input: ffmpeg.stderr }).on('line', (line) => {
    if (OF_OUTPUT.test(line)) return;
    complaints++;
    if (shown.length < COMPLAINTS_SHOWN) shown.push(line.replace(ADDRESS, '').slice(0, LONGEST_COMPLAINT));
  });
  const pictures = ffmpeg.stdio[PICTURES] as Readable;
  createInterface({ input: pictures }).on('line', (line) => {
    const picture = pictureOf(line);
    if (picture !== undefined) take?.(picture);
  });
  try {
    const [[exitCode]] = await Promise.all([ended, feed(input, ffmpeg.stdin)]);
    const said = complaints > 0 ? `: ${shown.join('; ')}` : '';
    return {
      complaints,
      words: `ffmpeg complains ${complaints === 1 ? 'once' : `${complaints} times`} and ends with ${exitCode}${said}`,
      isClean: exitCode === 0 && complaints === 0,
      audioMs: kinds.has('audio') ? samples / SAMPLES_PER_MS : undefined,
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (ffmpeg.pid !== undefined) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is no ffmpeg at ${ffmpegPath}` : (error as Error).message;
    return { complaints: 0, words: `not decoded: ${why}`, isClean: false, audioMs: undefined };
  } finally {
    ffmpeg.kill();
  }
}

/** Settles when all was taken, or ffmpeg wants no more. */
async function feed(input: string | BareStream, stdin: Writable): Promise<void> {
  try {
    if (typeof input === 'string') stdin.end();
    else await pipeline(Readable.from(input.bytes), stdin);
  } catch (error) {
    if (!GIVEN_UP.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}

/** `file:` keeps a name from being taken for a protocol; each complaint has a line of its own. */
function argumentsFor(input: string | BareStream, kinds: Kinds, lists: boolean): string[] {
  const source =
    typeof input === 'string'
      ? ['-noautorotate', '-i', `file:${input}`]
      : ['-f', input.format, '-i', 'pipe:0'];
  const { ofInput, ofOutput } = PICTURE_LINES;
  const sink = lists ? [...ofOutput, `pipe:${PICTURES}`] : ['-f', 'null', '-'];
  const video = kinds.has('video') ? ['-map', '0:v', ...sink] : [];
  const samples = ['-ac', '1', '-ar', `${SAMPLES_PER_MS * 1000}`, '-c:a', 'pcm_u8', '-f', 'u8', 'pipe:1'];
  const audio = kinds.has('audio') ? ['-map', '0:a:0', ...samples] : [];
  const times = lists ? ofInput : [];
  return ['-v', 'repeat+error', '-nostdin', ...times, ...source, ...video, ...audio];
}
