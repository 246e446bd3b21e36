import { hintAbout } from '../ffmpeg/ffmpeg-hint.ts';
import { FfmpegProcess } from '../ffmpeg/ffmpeg-process.ts';
import { fileUrl } from '../ffmpeg/file-url.ts';
import { requireEncoder } from '../ffmpeg/require-encoder.ts';
import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from '../plan/composite-formats.ts';
import { languageCode } from '../plan/language-code.ts';
import type { Size } from '../plan/scene-list.ts';
import { ProcessorError } from '../processor-error.ts';

export interface FilmEncoding {
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
  /** Path of the finished sound, whose packets are copied; a film may have none. */
  readonly sound?: string | undefined;
  /** Path of captions (WebVTT). */
  readonly captions?: string | undefined;
  /** Of the captions, as BCP 47 has it. */
  readonly language?: string | undefined;
  /** Path of chapters (FFMETADATA1). */
  readonly chapters: string;
  readonly title: string;
  readonly startsAt: string;
  readonly madeBy: string;
  readonly ffmpegPath?: string | undefined;
}

/** A player that jumps lands within so many seconds. */
const KEY_FRAME_SECONDS = 4;

/** The ffmpeg that makes the film of finished pictures and finished sound. */
export class FilmEncoder {
  readonly #ffmpeg: FfmpegProcess;

  /** @throws {ProcessorError} ERR_NO_FFMPEG */
  static async start(encoding: FilmEncoding): Promise<FilmEncoder> {
    const encoder = encoding.encoder ?? COMPOSITE_FORMAT_TABLE[encoding.format].encoder;
    try {
      await requireEncoder(encoder, encoding.ffmpegPath);
    } catch (cause) {
      throw new ProcessorError('ERR_NO_FFMPEG', `cannot encode the film: ${(cause as Error).message}`, {
        hint: `Install an ffmpeg with the encoder ${encoder}, or choose another with --format or --encoder.`,
        cause,
      });
    }
    return new FilmEncoder(encoding, encoder);
  }

  private constructor(encoding: FilmEncoding, encoder: string) {
    const { path, format, size, fps, sound, captions, chapters, title, startsAt, madeBy, ffmpegPath } =
      encoding;
    const asides = [sound, captions, chapters].filter((aside) => aside !== undefined);
    const input = (aside: string) => asides.indexOf(aside) + 1;
    this.#ffmpeg = new FfmpegProcess(
      [
        ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${size.width}x${size.height}`],
        ...['-framerate', `${fps}`, '-i', 'pipe:0', ...asides.flatMap((aside) => ['-i', fileUrl(aside)])],
        ...['-map', '0:v'],
        ...(sound === undefined ? [] : ['-map', `${input(sound)}:a`, '-c:a', 'copy']),
        ...(captions === undefined ? [] : ['-map', `${input(captions)}:s`, ...captionOptions(encoding)]),
        ...['-map_chapters', `${input(chapters)}`, '-map_metadata:g', '-1'],
        ...['-c:v', encoder, ...optionsOf(encoder, encoding), ...keyFrameOptions(encoding)],
        // What browsers send is so, and is not converted.
        ...['-colorspace', 'smpte170m', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
        ...['-metadata', `title=${title}`, '-metadata', `encoded_by=${madeBy}`],
        ...['-metadata', `date=${startsAt}`, '-metadata', `creation_time=${startsAt}`],
        ...[...COMPOSITE_FORMAT_TABLE[format].container, fileUrl(path)],
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
    if (ended !== undefined) throw failed(ended.failure ?? 'it ended before it had everything');
  }

  /** Settles when the file is whole. */
  async finish(): Promise<void> {
    this.#ffmpeg.stdin.end();
    const { failure } = await this.#ffmpeg.ended;
    if (failure !== undefined) throw failed(failure);
  }

  /** Ends ffmpeg, whatever it is at. */
  async abandon(): Promise<void> {
    await this.#ffmpeg.kill();
  }
}

function captionOptions({ format, language }: FilmEncoding): readonly string[] {
  const code = languageCode(language);
  return [
    ...['-c:s', COMPOSITE_FORMAT_TABLE[format].captions],
    ...(code === undefined ? [] : ['-metadata:s:s:0', `language=${code}`]),
  ];
}

const keyFrameOptions = ({ fps, isForCutting }: FilmEncoding): readonly string[] =>
  isForCutting === true ? ['-g', `${fps}`, '-bf', '0'] : ['-g', `${fps * KEY_FRAME_SECONDS}`];

/** Of encoders that are told a rate and no quality: a call looks well with so much. */
const BITS_PER_PIXEL = 0.08;

/** What the pictures of a film take; those of an encoder that is told a quality are seldom more. */
export const filmBytesPerSecond = ({ size, fps }: Pick<FilmEncoding, 'size' | 'fps'>): number =>
  (size.width * size.height * fps * BITS_PER_PIXEL) / 8;

function optionsOf(encoder: string, { preset, size, fps }: FilmEncoding): readonly string[] {
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

const failed = (says: string): ProcessorError =>
  new ProcessorError('ERR_ENCODER_FAILED', `the film cannot be encoded: ${says}`, hintAbout(says));
