import { CODEC_IDS, MatroskaWriter } from '@rawreel/matroska';
import type { CodedFrame, VideoParameters } from '@rawreel/rtp';
import { type ChildPipe, openChildPipe } from '../../ffmpeg/child-pipe.ts';
import { FfmpegProcess } from '../../ffmpeg/ffmpeg-process.ts';
import { isOlderThan } from '../../ffmpeg/find-ffmpeg.ts';
import { knownFfmpeg } from '../../ffmpeg/known-ffmpeg.ts';
import { VideoTimeline } from '../../write/video-timeline.ts';
import { i420Bytes } from '../canvas/i420.ts';
import { PictureReader } from './picture-reader.ts';
import type { Piece, Shot } from './shot.ts';
import { shotFilter } from './shot-filter.ts';
import type { SourceCursor } from './source-cursor.ts';

export interface ShotDecoderOptions {
  readonly shot: Shot;
  readonly cursor: SourceCursor;
  readonly fps: number;
  readonly isBlurred: boolean;
  readonly ffmpegPath?: string | undefined;
}

/** One picture of a source, in the shape in which it is shown but for its turn. */
export interface Picture {
  readonly piece: Piece;
  /** I420; the caller's until the next is taken. */
  readonly pixels: Uint8Array;
}

/** Frames that are decoded first and shown later lie this near. */
const REORDER_MS = 500;

/** Decodes a shot: an ffmpeg that is fed with the track's frames as Matroska. */
export class ShotDecoder {
  readonly #options: ShotDecoderOptions;
  readonly #ffmpeg: FfmpegProcess;
  readonly #reader: PictureReader;
  /** Of the piece that is taken from. */
  #index = 0;
  #isClosed = false;
  #frames = 0;
  #failure: string | undefined;
  /** Settles when it needs no more of the cursor. */
  readonly fed: Promise<void>;

  /** @param cursorIsFree settles when another needs no more of it */
  static async start(options: ShotDecoderOptions, cursorIsFree: Promise<void>): Promise<ShotDecoder> {
    const reader = new PictureReader(Math.max(...options.shot.pieces.map(({ size }) => i420Bytes(size))));
    const pipe = await openChildPipe((bytes) => reader.receive(bytes));
    const found = await knownFfmpeg(options.ffmpegPath);
    const isOld = 'version' in found && isOlderThan(found.version, [5, 1]);
    return new ShotDecoder(options, cursorIsFree, reader, pipe, isOld ? '-vsync' : '-fps_mode');
  }

  private constructor(
    options: ShotDecoderOptions,
    cursorIsFree: Promise<void>,
    reader: PictureReader,
    pipe: ChildPipe | undefined,
    /** What says that each picture is given as it comes; each name is known where the other is not. */
    frameMode: '-fps_mode' | '-vsync',
  ) {
    const { shot, fps, isBlurred, ffmpegPath } = options;
    this.#options = options;
    this.#reader = reader;
    const pictures = shot.pieces.reduce((sum, { from, to }) => sum + to - from, 0);
    this.#ffmpeg = new FfmpegProcess(
      [
        // What is in the stream is known to who writes it: nothing need be looked for.
        ...['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'],
        ...['-threads', '1', '-filter_threads', '1'],
        ...['-copyts', '-reinit_filter', '0', '-f', 'matroska', '-i', 'pipe:0'],
        ...['-an', '-sn', '-noautoscale', frameMode, 'passthrough'],
        ...['-vf', shotFilter(shot, fps, isBlurred), '-frames:v', `${pictures}`],
        ...['-f', 'rawvideo', '-avioflags', 'direct', 'pipe:1'],
      ],
      ffmpegPath,
      pipe,
    );
    const { stdout } = this.#ffmpeg;
    if (pipe === undefined) stdout.on('data', (bytes: Uint8Array) => reader.receive(bytes) || stdout.pause());
    reader.follow(stdout);
    this.fed = cursorIsFree.then(() => this.#feed()).catch((error: Error) => this.#fail(error.message));
  }

  /** Why no more pictures came, where some were missing. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The picture of a number; of those that the shot has, each is taken once and in order. Undefined where none comes. */
  async take(number: number): Promise<Picture | undefined> {
    const { pieces } = this.#options.shot;
    while (number >= (pieces[this.#index]?.to ?? Number.POSITIVE_INFINITY)) this.#index++;
    const piece = pieces[this.#index];
    if (piece === undefined || number < piece.from || this.#failure !== undefined) return undefined;
    const following = number + 1 < piece.to ? piece : pieces[this.#index + 1];
    const pixels = await this.#reader.take(i420Bytes(piece.size), following && i420Bytes(following.size));
    if (pixels !== undefined) return { piece, pixels };
    if (!this.#isClosed) this.#fail((await this.#ffmpeg.ended).failure ?? this.#ffmpeg.lastWords);
    return undefined;
  }

  /** Ends ffmpeg, whatever it is at; settles when the cursor is free. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // A frame or two may be damaged in any call; what is encrypted is so throughout.
    if (this.#ffmpeg.complaints > this.#frames / 4) this.#fail(this.#ffmpeg.lastWords);
    await this.#ffmpeg.kill();
    await this.fed;
  }

  #fail(reason: string): void {
    this.#failure ??= reason === '' ? 'no picture comes of its frames' : reason;
  }

  async #feed(): Promise<void> {
    const { shot, cursor } = this.#options;
    await cursor.skipTo(shot.keyMs);
    const first = await cursor.peek();
    if (first !== undefined) await this.#write(first.frame);
    this.#ffmpeg.stdin.end();
  }

  async #write(first: CodedFrame): Promise<void> {
    const { shot, cursor, fps } = this.#options;
    const clusters: Uint8Array[] = [];
    const sink = { write: (bytes: Uint8Array) => void clusters.push(bytes.slice()) };
    const writer = new MatroskaWriter(sink, {
      docType: 'matroska',
      writingApp: 'rawreel',
      tracks: [entryOf(first)],
    });
    const timeline = new VideoTimeline({
      gaps: 'keep',
      black: async () => undefined,
      write: (frame) => void writer.addFrame(1, frame),
    });
    const originMs = (shot.origin * 1000) / fps;
    const endMs = ((shot.pieces.at(-1)?.to ?? 0) * 1000) / fps + REORDER_MS;
    for (let next = await cursor.peek(); next !== undefined; next = await cursor.peek()) {
      const atMs = cursor.timeOf(next);
      if (atMs > endMs || this.#isClosed) break;
      cursor.take();
      this.#frames++;
      void timeline.add(next.frame, Math.max(0, atMs - originMs), next.boundary);
      for (const bytes of clusters.splice(0)) await this.#send(bytes);
    }
    timeline.finish();
    await writer.finish();
    for (const bytes of clusters) await this.#send(bytes);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const { stdin } = this.#ffmpeg;
    if (this.#isClosed || !stdin.writable || stdin.write(bytes)) return;
    // Nothing is left waiting for ffmpeg's end: a decoder may be at work for hours.
    await new Promise<void>((resolve) => {
      const goOn = () => {
        stdin.off('drain', goOn).off('close', goOn);
        resolve();
      };
      stdin.on('drain', goOn).on('close', goOn);
    });
  }
}

/** Turned by who paints it: ffmpeg would go by the first orientation. */
function entryOf({ parameters }: CodedFrame) {
  const { codec, width, height, codecPrivate } = parameters as VideoParameters;
  return {
    kind: 'video',
    codecId: CODEC_IDS[codec],
    pixelWidth: width,
    pixelHeight: height,
    codecPrivate,
  } as const;
}
