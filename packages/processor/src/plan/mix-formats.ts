import type { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';

/** How samples are coded in a mix: `pcm` is written here, the others by ffmpeg. */
export type SoundCoding = keyof typeof SOUND_ENCODERS | 'pcm';

interface MixFormatFacts {
  readonly coding: SoundCoding;
  /** The coding where a bitrate is asked for, if that makes a difference. */
  readonly codingAtBitrate?: SoundCoding;
  /** ffmpeg's options that name the container. */
  readonly container: readonly string[];
  /** Of a format that keeps users apart: the most channels or tracks that its header, or most programs, can take. */
  readonly mostUsersApart?: number;
}

/** What a mix is written as. */
export const MIX_FORMAT_TABLE = {
  mp3: { coding: 'mp3', container: ['-f', 'mp3'] },
  m4a: { coding: 'm4a', container: ['-movflags', '+faststart', '-f', 'ipod'] },
  opus: { coding: 'opus', container: ['-f', 'opus'] },
  wav: { coding: 'pcm', container: [], mostUsersApart: 65_535 },
  flac: { coding: 'flac', container: ['-f', 'flac'] },
  mkv: { coding: 'flac', codingAtBitrate: 'opus', container: ['-f', 'matroska'], mostUsersApart: 127 },
} as const satisfies Readonly<Record<string, MixFormatFacts>>;

export type MixFormat = keyof typeof MIX_FORMAT_TABLE;

export const mixFormat = (format: MixFormat): MixFormatFacts => MIX_FORMAT_TABLE[format];

/** Of codings with a bitrate, the default kbit/s for one and for two channels: speech is then not told from the original. */
export const DEFAULT_KBPS: Readonly<Record<SoundCoding, readonly [number, number] | undefined>> = {
  mp3: [96, 160],
  m4a: [96, 160],
  opus: [64, 96],
  flac: undefined,
  pcm: undefined,
};

export function codingOf(format: MixFormat, bitrateKbps: number | undefined): SoundCoding {
  const { coding, codingAtBitrate } = mixFormat(format);
  return bitrateKbps === undefined ? coding : (codingAtBitrate ?? coding);
}
