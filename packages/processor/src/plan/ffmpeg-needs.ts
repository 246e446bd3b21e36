import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import { codingOf } from './mix-formats.ts';
import type { PlanRequest } from './plan.ts';

/** What a request fails without. */
export interface FfmpegNeeds {
  readonly program: boolean;
  /** By ffmpeg's names. */
  readonly encoders: readonly string[];
}

/** @param verify whether files are read back */
export function ffmpegNeedsOf(
  { outputs, muxed, mix: { format = 'mp3', bitrateKbps } = {} }: PlanRequest,
  verify: boolean,
): FfmpegNeeds {
  const codings = [
    ...(outputs.includes('mix') ? [codingOf(format, bitrateKbps)] : []),
    ...(outputs.includes('transcription') ? (['flac'] as const) : []),
  ];
  const encoders = codings.flatMap((coding) => (coding === 'pcm' ? [] : [SOUND_ENCODERS[coding]]));
  const isRemuxed = outputs.includes('muxed') && muxed?.container === 'mp4';
  return { program: verify || isRemuxed || encoders.length > 0, encoders: [...new Set(encoders)] };
}
