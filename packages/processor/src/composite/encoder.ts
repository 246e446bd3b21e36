import { hintAbout } from '../ffmpeg/ffmpeg-hint.ts';
import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { fileUrl } from '../ffmpeg/file-url.ts';
import { requireEncoder } from '../ffmpeg/require-encoder.ts';
import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from '../plan/composite-formats.ts';
import type { Size } from '../plan/scene-list.ts';
import { ProcessorError } from '../processor-error.ts';

/** How pictures are encoded, and where to. */
export interface PictureEncoding {
  readonly path: string;
  readonly format: CompositeFormat;
  readonly size: Size;
  readonly fps: number;
  /** ffmpeg's name of another encoder than the format's. */
  readonly encoder?: string | undefined;
  /** Of x264. */
  readonly preset: string;
  /** Whether it is to be cut: a picture is then quickly reached, and stands in the order in which it is shown. */
  readonly isForCutting?: boolean | undefined;
  readonly ffmpegPath?: string | undefined;
}

/** A player that jumps lands within so many seconds. */
export const KEY_FRAME_SECONDS = 4;

/** The ffmpeg that makes a file of finished pictures, which begins with a key frame. */
export class PictureEncoder {
  readonly #ffmpeg: FfmpegProcess;

  /** @throws {ProcessorError} ERR_NO_FFMPEG */
  static async start(encoding: PictureEncoding): Promise<PictureEncoder> {
    const encoder = encoding.encoder ?? COMPOSITE_FORMAT_TABLE[encoding.format].encoder;
    try {
      await requireEncoder(encoder, encoding.ffmpegPath);
    } catch (cause) {
      throw new ProcessorError('ERR_NO_FFMPEG', `cannot encode the film: ${(cause as Error).message}`, {
        hint: `Install an ffmpeg with the encoder ${encoder}, or choose another with --format or --encoder.`,
        cause,
      });
    }
    return new PictureEncoder(encoding, encoder);
  }

  private constructor(encoding: PictureEncoding, encoder: string) {
    const { path, format, size, fps, ffmpegPath } = encoding;
    this.#ffmpeg = new FfmpegProcess(
      [
        ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${size.width}x${size.height}`],
        ...['-framerate', `${fps}`, '-i', 'pipe:0'],
        ...['-c:v', encoder, ...optionsOf(encoder, encoding), ...keyFrameOptions(encoding)],
        // What browsers send is so, and is not converted.
        ...['-colorspace', 'smpte170m', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
        ...['-f', COMPOSITE_FORMAT_TABLE[format].container, fileUrl(path)],
      ],
      ffmpegPath,
    );
  }

  /** Settles when ffmpeg has the picture, whose memory is then the caller's again. */
  async write(picture: Uint8Array): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#ffmpeg.stdin.write(picture, () => resolve());
    });
    const ended = await Promise.race([written, this.#ffmpeg.ended]);
    if (ended !== undefined) throw filmFailed(ended.failure ?? 'it ended before it had everything');
  }

  /** Settles when the file is whole. */
  async finish(): Promise<void> {
    this.#ffmpeg.stdin.end();
    const { failure } = await this.#ffmpeg.ended;
    if (failure !== undefined) throw filmFailed(failure);
  }

  /** Ends ffmpeg, whatever it is at. */
  async abandon(): Promise<void> {
    await this.#ffmpeg.kill();
  }
}

const keyFrameOptions = ({ fps, isForCutting }: PictureEncoding): readonly string[] =>
  isForCutting === true ? ['-g', `${fps}`, '-bf', '0'] : ['-g', `${fps * KEY_FRAME_SECONDS}`];

/** Of encoders that are told a rate and no quality: a call looks well with so much. */
const BITS_PER_PIXEL = 0.08;

/** What the pictures of a film take; those of an encoder that is told a quality are seldom more. */
export const filmBytesPerSecond = ({ size, fps }: Pick<PictureEncoding, 'size' | 'fps'>): number =>
  (size.width * size.height * fps * BITS_PER_PIXEL) / 8;

function optionsOf(encoder: string, { preset, size, fps }: PictureEncoding): readonly string[] {
  switch (encoder) {
    case 'libx264':
      return ['-preset', preset, '-crf', '23', '-pix_fmt', 'yuv420p'];
    case 'prores_ks':
      return ['-profile:v', 'proxy', '-pix_fmt', 'yuv422p10le'];
    case 'libvpx-vp9':
      return ['-deadline', 'realtime', '-cpu-used', '7', '-row-mt', '1', '-b:v', '0', '-crf', '33'];
    default:
      return [
        '-b:v',
        `${Math.round((filmBytesPerSecond({ size, fps }) * 8) / 1000)}k`,
        '-pix_fmt',
        'yuv420p',
      ];
  }
}

export const filmFailed = (says: string): ProcessorError =>
  new ProcessorError('ERR_ENCODER_FAILED', `the film cannot be encoded: ${says}`, hintAbout(says));
