import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import { COMPOSITE_FORMAT_TABLE } from './composite-formats.ts';
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
  {
    outputs,
    muxed,
    mix: { format = 'mp3', bitrateKbps } = {},
    composite = {},
    editor = {},
    podcast = {},
  }: PlanRequest,
  verify: boolean,
): FfmpegNeeds {
  const isFilmed = outputs.includes('composite') && composite.film !== false;
  const film = COMPOSITE_FORMAT_TABLE[composite.format ?? 'mp4'];
  const proxy = COMPOSITE_FORMAT_TABLE[editor.codec === 'prores' ? 'mov' : 'mp4'];
  const codings = [
    ...(outputs.includes('mix') ? [codingOf(format, bitrateKbps)] : []),
    ...(outputs.includes('transcription') ? (['flac'] as const) : []),
    ...(isFilmed ? [codingOf(film.sound, undefined)] : []),
    ...(outputs.includes('editor') ? [codingOf(proxy.sound, undefined)] : []),
    ...(outputs.includes('podcast')
      ? ([podcast.stems ?? 'flac', podcast.format ?? 'mp3'] as const).map((each) => codingOf(each, undefined))
      : []),
  ];
  const encoders = [
    ...codings.flatMap((coding) => (coding === 'pcm' ? [] : [SOUND_ENCODERS[coding]])),
    ...(isFilmed ? [composite.encoder ?? film.encoder] : []),
    ...(outputs.includes('editor') ? [proxy.encoder] : []),
  ];
  const isRemuxed = outputs.includes('muxed') && muxed?.container === 'mp4';
  return { program: verify || isRemuxed || encoders.length > 0, encoders: [...new Set(encoders)] };
}
