import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import { codingOf, DEFAULT_KBPS, type MixFormat, mixFormat, type SoundCoding } from '../plan/mix-formats.ts';
import type { Ceiling } from './limiter.ts';
import { SAMPLE_RATE } from './mix-source.ts';

/** How a format is made by ffmpeg. */
export interface Encoding {
  readonly encoder: string;
  readonly options: readonly string[];
}

const ceilingOfDb = (lone: number, crowd: number): Ceiling => ({
  lone: 10 ** (lone / 20),
  crowd: 10 ** (crowd / 20),
});

/**
 * −1 dBTP is what is promised of a decoded file. The rest is for the peaks between the points at which a limiter looks,
 * and for what an encoder adds.
 */
const CEILINGS: Readonly<Record<SoundCoding, Ceiling>> = {
  pcm: ceilingOfDb(-1.3, -1.3),
  flac: ceilingOfDb(-1.3, -1.3),
  mp3: ceilingOfDb(-2, -4.5),
  m4a: ceilingOfDb(-2, -6),
  opus: ceilingOfDb(-2, -6.5),
};

/** What an encoder is told beside its bitrate. */
const OPTIONS: Readonly<Record<keyof typeof SOUND_ENCODERS, readonly string[]>> = {
  mp3: ['-compression_level', '7'],
  m4a: [],
  opus: [],
  flac: ['-sample_fmt', 's16'],
};

export interface EncodingRequest {
  readonly format: Exclude<MixFormat, 'wav'>;
  /** Of one listener: 1 where each user has a track. */
  readonly channels: number;
  readonly bitrateKbps: number | undefined;
}

/** mkv holds Opus where a bitrate is asked for, and FLAC where none is. */
export function encodingOf({ format, channels, bitrateKbps }: EncodingRequest): Encoding {
  const coding = codingOf(format, bitrateKbps);
  if (coding === 'pcm') throw new RangeError(`no encoder for ${format}`);
  const kbps = kbpsOf(coding, channels, bitrateKbps);
  const bitrate = kbps === undefined ? [] : ['-b:a', `${kbps}k`];
  return {
    encoder: SOUND_ENCODERS[coding],
    options: [...bitrate, ...OPTIONS[coding], ...mixFormat(format).container],
  };
}

function kbpsOf(coding: SoundCoding, channels: number, bitrateKbps: number | undefined): number | undefined {
  const usual = DEFAULT_KBPS[coding];
  return usual && (bitrateKbps ?? usual[channels > 1 ? 1 : 0]);
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
  const kbps = kbpsOf(mixFormat(format).coding, channels, bitrateKbps);
  return kbps === undefined ? sampleRate * PCM_BYTES * channels : (kbps * 1000) / 8;
}

/** What the limiter lets through. */
export const ceilingOf = (format: MixFormat, bitrateKbps: number | undefined): Ceiling =>
  CEILINGS[codingOf(format, bitrateKbps)];

/**
 * LAME multiplies sound before it codes it, the more the fewer bits it has (3.100, `presets.c`): measured with noise at all
 * its bitrates, mono and stereo. Below the first figure of a row the second holds.
 */
const LAME_GAINS = [
  [192, 0.95],
  [224, 0.97],
  [256, 0.98],
] as const;

/** What an encoder multiplies sound with; what is to have a loudness has to be that much louder. */
export function encoderGain(format: MixFormat, channels: number, bitrateKbps: number | undefined): number {
  const coding = codingOf(format, bitrateKbps);
  const kbps = kbpsOf(coding, channels, bitrateKbps);
  if (coding !== 'mp3' || kbps === undefined) return 1;
  return LAME_GAINS.find(([below]) => kbps < below)?.[1] ?? 1;
}
