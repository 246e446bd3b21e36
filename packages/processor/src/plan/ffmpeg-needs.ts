import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import { encodingOf } from '../mix/encodings.ts';
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
  const encoders = [
    ...(outputs.includes('mix') && format !== 'wav'
      ? [encodingOf({ format, channels: 1, bitrateKbps }).encoder]
      : []),
    ...(outputs.includes('transcription') ? [SOUND_ENCODERS.flac] : []),
  ];
  const isRemuxed = outputs.includes('muxed') && muxed?.container === 'mp4';
  return { program: verify || isRemuxed || encoders.length > 0, encoders: [...new Set(encoders)] };
}
