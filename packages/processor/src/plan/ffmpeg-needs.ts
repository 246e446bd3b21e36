import { SOUND_ENCODERS } from '../ffmpeg/encoders.ts';
import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from './composite-formats.ts';
import { codingOf, type MixFormat } from './mix-formats.ts';
import type { PlannedOutput, PlanRequest } from './plan.ts';

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
    podcast: { stems = 'flac', format: podcastFormat = 'mp3' } = {},
  }: PlanRequest,
  verify: boolean,
): FfmpegNeeds {
  const isFilmed = outputs.includes('composite') && composite.film !== false;
  const encoders = [
    ...(outputs.includes('mix') ? soundEncoders(format, bitrateKbps) : []),
    ...(outputs.includes('transcription') ? soundEncoders('flac') : []),
    ...(isFilmed ? filmEncoders(composite.format ?? 'mp4', composite.encoder) : []),
    ...(outputs.includes('editor') ? filmEncoders(editor.codec === 'prores' ? 'mov' : 'mp4') : []),
    ...(outputs.includes('podcast') ? [...soundEncoders(stems), ...soundEncoders(podcastFormat)] : []),
  ];
  const isRemuxed = outputs.includes('muxed') && muxed?.container === 'mp4';
  return { program: verify || isRemuxed || encoders.length > 0, encoders: [...new Set(encoders)] };
}

/** None for what is written as samples. */
function soundEncoders(format: MixFormat, bitrateKbps?: number): readonly string[] {
  const coding = codingOf(format, bitrateKbps);
  return coding === 'pcm' ? [] : [SOUND_ENCODERS[coding]];
}

function filmEncoders(format: CompositeFormat, encoder?: string): readonly string[] {
  const film = COMPOSITE_FORMAT_TABLE[format];
  return [...soundEncoders(film.sound), encoder ?? film.encoder];
}

/** What one output fails without, and what to do where it cannot be had. */
export interface OutputNeed {
  /** As the beginning of a sentence. */
  readonly what: string;
  /** By ffmpeg's names; empty where any ffmpeg will do. */
  readonly encoders: readonly string[];
  /** What can be had without ffmpeg. */
  readonly instead: string;
  /** What can be had with an ffmpeg that lacks an encoder, where that is more. */
  readonly withoutEncoder?: string;
}

/** @returns undefined where an output can be made without ffmpeg. */
export function ffmpegNeedOf(output: PlannedOutput): OutputNeed | undefined {
  switch (output.kind) {
    case 'mix': {
      const encoders = soundEncoders(output.format, output.bitrateKbps);
      if (encoders.length === 0) return undefined;
      // That of a podcast has chapters, which a WAV cannot have.
      const instead =
        output.chapters === undefined
          ? 'choose --format wav, which needs none'
          : 'make a mix as WAV, which needs none: rawreel mix-audio --format wav';
      return { what: `a mix as ${output.format}`, encoders, instead };
    }
    case 'muxed':
      if (output.container !== 'mp4') return undefined;
      return { what: 'MP4', encoders: [], instead: 'choose --container mkv, which needs none' };
    case 'voice': {
      const instead = 'extract the sound as it is, which needs none: rawreel extract-audio';
      return { what: 'a voice as FLAC', encoders: [SOUND_ENCODERS.flac], instead };
    }
    case 'composite':
      return {
        what: `a composite as ${output.format}`,
        encoders: filmEncoders(output.format, output.encoder),
        instead: 'make only the scenes, which need none: rawreel composite --no-film',
        withoutEncoder: 'choose another --format or --encoder',
      };
    case 'stem':
      if (output.format === 'wav') return undefined;
      return {
        what: 'a stem as FLAC',
        encoders: [SOUND_ENCODERS.flac],
        instead: 'choose --stems wav, which needs none',
      };
    case 'proxy':
      return {
        what: `a proxy as ${output.format}`,
        encoders: filmEncoders(output.format),
        instead: 'extract the pictures as they are, which needs none: rawreel extract-video',
      };
    case 'audio':
    case 'video':
    case 'turns':
    case 'captions':
    case 'chapters':
    case 'scenes':
    case 'timeline':
      return undefined;
    default:
      return output satisfies never;
  }
}
