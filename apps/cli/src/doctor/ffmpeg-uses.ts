import type { ProcessorPackage } from '../lazy-packages.ts';

/** What fails without ffmpeg, or without one of its encoders. */
export interface FfmpegUse {
  /** Absent: any ffmpeg will do. */
  readonly encoder?: string;
  readonly commands: readonly string[];
  /** How to do without. */
  readonly otherwise?: string;
}

/** All that is asked of ffmpeg but black pictures, without which nothing fails. */
export function ffmpegUses({
  SOUND_ENCODERS: encoders,
  PICTURE_ENCODERS: pictures,
}: Pick<ProcessorPackage, 'SOUND_ENCODERS' | 'PICTURE_ENCODERS'>): FfmpegUse[] {
  return [
    {
      encoder: encoders.mp3,
      commands: ['process-all', 'recording watch', 'recording download --process'],
      otherwise: '--no-mix',
    },
    { encoder: encoders.mp3, commands: ['mix-audio'], otherwise: '--format wav' },
    { encoder: encoders.m4a, commands: ['mix-audio --format m4a'] },
    { encoder: encoders.opus, commands: ['mix-audio --format opus', 'mix-audio --format mkv --bitrate'] },
    { encoder: encoders.flac, commands: ['mix-audio --format flac', 'mix-audio --format mkv'] },
    {
      encoder: encoders.flac,
      commands: ['transcription-kit', 'export --for transcription', 'export --for podcast --stems flac'],
    },
    { encoder: encoders.mp3, commands: ['export --for podcast'] },
    { commands: ['mux-av --container mp4'], otherwise: '--container mkv' },
    { commands: ['process-all --verify'] },
    { encoder: pictures.h264, commands: ['composite', 'process-all --composite', 'export --for editor'] },
    { encoder: pictures.vp9, commands: ['composite --format webm'] },
    { encoder: 'prores_ks', commands: ['export --for editor --codec prores'] },
  ];
}
