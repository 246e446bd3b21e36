import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { VideoParameters } from '@rawreel/rtp';
import { PICTURE_ENCODERS } from './encoders.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { requireEncoder } from './require-encoder.ts';

const H264_PROFILES: ReadonlyMap<number, string> = new Map([
  [66, 'baseline'],
  [77, 'main'],
  [100, 'high'],
  [110, 'high10'],
  [122, 'high422'],
  [244, 'high444'],
]);

const PIXELS = {
  '4:0:0': 'gray',
  '4:2:0': 'yuv420p',
  '4:2:2': 'yuv422p',
  '4:4:0': 'yuv440p',
  '4:4:4': 'yuv444p',
} as const;

function pixelFormat({ bitDepth, chroma }: VideoParameters): string {
  return bitDepth === 8 ? PIXELS[chroma] : `${PIXELS[chroma]}${bitDepth}le`;
}

interface Encoding {
  readonly encoder: string;
  readonly format: 'ivf' | 'h264';
  readonly options: readonly string[];
}

function encodingOf(parameters: VideoParameters): Encoding {
  switch (parameters.codec) {
    case 'vp8':
      return {
        encoder: PICTURE_ENCODERS.vp8,
        format: 'ivf',
        options: ['-auto-alt-ref', '0', '-profile:v', `${parameters.profile}`],
      };
    case 'vp9':
      return {
        encoder: PICTURE_ENCODERS.vp9,
        format: 'ivf',
        options: ['-auto-alt-ref', '0', '-lag-in-frames', '0', '-profile:v', `${parameters.profile}`],
      };
    case 'h264':
      return {
        encoder: PICTURE_ENCODERS.h264,
        format: 'h264',
        options: [
          '-profile:v',
          H264_PROFILES.get(parameters.profile) ?? 'high',
          '-preset',
          'veryfast',
          '-bsf:v',
          'filter_units=remove_types=6|9',
        ],
      };
    case 'av1':
      return {
        encoder: PICTURE_ENCODERS.av1,
        format: 'ivf',
        options: ['-cpu-used', '8', '-usage', 'realtime'],
      };
    default: {
      const never: never = parameters.codec;
      throw new RangeError(`no encoder for ${String(never)}`);
    }
  }
}

/**
 * One black key frame in the form in which the container holds that codec's frames (H264: length-prefixed, with its
 * own SPS and PPS in front).
 *
 * @throws what ffmpeg says when it is missing, too old or lacks the encoder.
 */
export async function encodeBlackFrame(
  parameters: VideoParameters,
  ffmpegPath: string | undefined,
): Promise<Uint8Array> {
  const { encoder, format, options } = encodingOf(parameters);
  await requireEncoder(encoder, ffmpegPath);
  const even = (pixels: number) => (parameters.chroma === '4:4:4' ? pixels : Math.max(2, pixels & ~1));
  // fluent-ffmpeg takes a closed output for a failure, though all was written and only the exit is still to come.
  const output = new PassThrough({ emitClose: false });
  const command = ffmpegCommand(ffmpegPath)
    .input(`color=black:s=${even(parameters.width)}x${even(parameters.height)}:r=1`)
    .inputOptions(['-f', 'lavfi'])
    .outputOptions([
      '-frames:v',
      '1',
      '-c:v',
      encoder,
      '-pix_fmt',
      pixelFormat(parameters),
      '-threads',
      '1',
      ...options,
      '-f',
      format,
    ]);
  const bytes = buffer(output);
  await new Promise<void>((resolve, reject) => {
    command.on('end', () => resolve()).on('error', reject);
    command.pipe(output, { end: true });
  });
  return frameOf(parameters, await bytes);
}

function frameOf(parameters: VideoParameters, encoded: Buffer): Uint8Array {
  if (parameters.codec === 'h264') return lengthPrefixed(encoded);
  const frame = ivfFrame(encoded);
  const isDelimited = parameters.codec === 'av1' && frame[0] === 0x12 && frame[1] === 0x00;
  return isDelimited ? frame.subarray(2) : frame;
}

/** IVF: a header of u16 length at 6, then per frame u32 size, u64 time, bytes; all little-endian. */
function ivfFrame(ivf: Buffer): Uint8Array {
  const headerLength = ivf.readUInt16LE(6);
  return ivf.subarray(headerLength + 12, headerLength + 12 + ivf.readUInt32LE(headerLength));
}

/** Annex B start codes become lengths (ISO/IEC 14496-15 §5.2.3). */
function lengthPrefixed(annexB: Buffer): Uint8Array {
  const starts: { readonly code: number; readonly nal: number }[] = [];
  for (
    let at = annexB.indexOf('\0\0\u0001', 0, 'latin1');
    at >= 0;
    at = annexB.indexOf('\0\0\u0001', at + 3, 'latin1')
  ) {
    starts.push({ code: at > 0 && annexB[at - 1] === 0 ? at - 1 : at, nal: at + 3 });
  }
  const pieces = starts.flatMap(({ nal }, index) => {
    const unit = annexB.subarray(nal, starts[index + 1]?.code ?? annexB.length);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(unit.length);
    return [length, unit];
  });
  return Buffer.concat(pieces);
}
