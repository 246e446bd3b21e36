import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import type { MixFormat } from '../plan/plan.ts';
import type { Ceiling } from './limiter.ts';
import { SAMPLE_RATE } from './mix-source.ts';

/** How a format is made by ffmpeg. */
export interface Encoding {
  readonly encoder: string;
  readonly options: readonly string[];
  readonly ceiling: Ceiling;
}

const ceilingOfDb = (lone: number, crowd: number): Ceiling => ({
  lone: 10 ** (lone / 20),
  crowd: 10 ** (crowd / 20),
});

/**
 * −1 dBTP is what is promised of a decoded file. The rest is for the peaks between the points at which a limiter looks,
 * and for what an encoder adds.
 */
const LOSSLESS = ceilingOfDb(-1.3, -1.3);
const MP3 = ceilingOfDb(-2, -4.5);
const AAC = ceilingOfDb(-2, -6);
const OPUS = ceilingOfDb(-2, -6.5);

/** Default kbit/s for one and for two channels: speech is then not told from the original. */
const DEFAULT_KBPS = { mp3: [96, 160], m4a: [96, 160], opus: [64, 96] } as const;

export interface EncodingRequest {
  readonly format: Exclude<MixFormat, 'wav'>;
  /** Of one listener: 1 where each user has a track. */
  readonly channels: number;
  readonly bitrateKbps: number | undefined;
}

/** mkv holds Opus where a bitrate is asked for, and FLAC where none is. */
export function encodingOf({ format, channels, bitrateKbps }: EncodingRequest): Encoding {
  const bitrate = (codec: keyof typeof DEFAULT_KBPS) => [
    '-b:a',
    `${bitrateKbps ?? DEFAULT_KBPS[codec][channels > 1 ? 1 : 0]}k`,
  ];
  switch (format) {
    case 'mp3':
      return {
        encoder: SOUND_ENCODERS.mp3,
        options: [...bitrate('mp3'), '-compression_level', '7', '-f', 'mp3'],
        ceiling: MP3,
      };
    case 'm4a':
      return {
        encoder: SOUND_ENCODERS.m4a,
        options: [...bitrate('m4a'), '-movflags', '+faststart', '-f', 'ipod'],
        ceiling: AAC,
      };
    case 'opus':
      return { encoder: SOUND_ENCODERS.opus, options: [...bitrate('opus'), '-f', 'opus'], ceiling: OPUS };
    case 'flac':
      return { ...FLAC, options: [...FLAC.options, '-f', 'flac'] };
    case 'mkv':
      if (bitrateKbps === undefined) return { ...FLAC, options: [...FLAC.options, '-f', 'matroska'] };
      return { encoder: SOUND_ENCODERS.opus, options: [...bitrate('opus'), '-f', 'matroska'], ceiling: OPUS };
    default: {
      const never: never = format;
      throw new RangeError(`no encoder for ${String(never)}`);
    }
  }
}

/** PCM of 16 bit, also of what a lossless encoder makes less of: its work is the same. */
const PCM_BYTES = 2;

/** What a second of silence takes in a file, at most. */
export function bytesPerSecondOf({
  format,
  channels,
  bitrateKbps,
  sampleRate = SAMPLE_RATE,
}: {
  readonly format: MixFormat;
  readonly channels: number;
  readonly bitrateKbps?: number | undefined;
  readonly sampleRate?: number | undefined;
}): number {
  switch (format) {
    case 'mp3':
    case 'm4a':
    case 'opus':
      return ((bitrateKbps ?? DEFAULT_KBPS[format][channels > 1 ? 1 : 0]) * 1000) / 8;
    case 'wav':
    case 'flac':
    case 'mkv':
      return sampleRate * PCM_BYTES * channels;
    default:
      return format satisfies never;
  }
}

const FLAC: Encoding = {
  encoder: SOUND_ENCODERS.flac,
  options: ['-sample_fmt', 's16'],
  ceiling: LOSSLESS,
};

/** What the limiter lets through. */
export function ceilingOf(format: MixFormat, bitrateKbps: number | undefined): Ceiling {
  return format === 'wav' ? LOSSLESS : encodingOf({ format, channels: 1, bitrateKbps }).ceiling;
}
