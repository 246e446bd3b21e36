import type { MixFormat } from '../plan/plan.ts';

/** How a format is made by ffmpeg. */
export interface Encoding {
  readonly encoder: string;
  readonly options: readonly string[];
  /** What the limiter lets through, dBTP. */
  readonly ceilingDb: number;
}

/** −1 dBTP is what is promised; the rest is for the peaks between the points at which a limiter looks, and for 16 bits. */
const LOSSLESS_CEILING_DB = -1.2;

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
        encoder: 'libmp3lame',
        options: [...bitrate('mp3'), '-compression_level', '9', '-f', 'mp3'],
        ceilingDb: -3,
      };
    case 'm4a':
      return {
        encoder: 'aac',
        options: [...bitrate('m4a'), '-movflags', '+faststart', '-f', 'ipod'],
        ceilingDb: -3,
      };
    case 'opus':
      return { encoder: 'libopus', options: [...bitrate('opus'), '-f', 'opus'], ceilingDb: -3 };
    case 'flac':
      return { ...FLAC, options: [...FLAC.options, '-f', 'flac'] };
    case 'mkv':
      if (bitrateKbps === undefined) return { ...FLAC, options: [...FLAC.options, '-f', 'matroska'] };
      return { encoder: 'libopus', options: [...bitrate('opus'), '-f', 'matroska'], ceilingDb: -3 };
    default: {
      const never: never = format;
      throw new RangeError(`no encoder for ${String(never)}`);
    }
  }
}

const FLAC: Encoding = {
  encoder: 'flac',
  options: ['-sample_fmt', 's16'],
  ceilingDb: LOSSLESS_CEILING_DB,
};

/** Of the limiter, as an amplitude. */
export function ceilingOf(request: Omit<EncodingRequest, 'format'> & { readonly format: MixFormat }): number {
  const { format } = request;
  const db = format === 'wav' ? LOSSLESS_CEILING_DB : encodingOf({ ...request, format }).ceilingDb;
  return 10 ** (db / 20);
}
