import type { Codec } from '@rawreel/rtp';

/** ffmpeg's name of what encodes each format of sound; a mix as mkv is FLAC, or with a bitrate Opus. */
export const SOUND_ENCODERS = { mp3: 'libmp3lame', m4a: 'aac', opus: 'libopus', flac: 'flac' } as const;

/** ffmpeg's name of what encodes a black picture of each codec. */
export const PICTURE_ENCODERS = {
  vp8: 'libvpx',
  vp9: 'libvpx-vp9',
  h264: 'libx264',
  av1: 'libaom-av1',
} as const satisfies Record<Exclude<Codec, 'opus'>, string>;

/** What of black pictures an ffmpeg cannot make: while a camera is off, the last picture stands. `VP8 (libvpx)`. */
export const lackingPictures = (encoders: readonly string[]): readonly string[] =>
  Object.entries(PICTURE_ENCODERS)
    .filter(([, encoder]) => !encoders.includes(encoder))
    .map(([codec, encoder]) => `${codec.toUpperCase()} (${encoder})`);
