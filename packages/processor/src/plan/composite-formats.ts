import type { MixFormat } from './mix-formats.ts';

interface CompositeFormatFacts {
  /** ffmpeg's encoder of the pictures. */
  readonly encoder: 'libx264' | 'libvpx-vp9' | 'prores_ks';
  /** What the sound is made as, whose packets are then copied. */
  readonly sound: MixFormat;
  /** ffmpeg's encoder of captions. */
  readonly captions: 'mov_text' | 'webvtt';
  /** ffmpeg's name of the container. */
  readonly container: 'mp4' | 'webm' | 'matroska' | 'mov';
  /** ffmpeg's options of it for what is played while it still comes. */
  readonly forPlaying: readonly string[];
}

/** What a composite is written as. */
export const COMPOSITE_FORMAT_TABLE = {
  mp4: {
    encoder: 'libx264',
    sound: 'm4a',
    captions: 'mov_text',
    container: 'mp4',
    forPlaying: ['-movflags', '+faststart'],
  },
  webm: { encoder: 'libvpx-vp9', sound: 'opus', captions: 'webvtt', container: 'webm', forPlaying: [] },
  mkv: { encoder: 'libx264', sound: 'opus', captions: 'webvtt', container: 'matroska', forPlaying: [] },
  mov: { encoder: 'prores_ks', sound: 'wav', captions: 'mov_text', container: 'mov', forPlaying: [] },
} as const satisfies Readonly<Record<string, CompositeFormatFacts>>;

export type CompositeFormat = keyof typeof COMPOSITE_FORMAT_TABLE;
