import type { MixFormat, MixLayout } from '../plan/plan.ts';
import { EncodedFile } from './encoded-file.ts';
import { encodingOf } from './encodings.ts';
import type { MixPlan } from './mix-plan.ts';
import type { MixSink } from './mix-sink.ts';
import { TrackPerUserFile } from './track-per-user-file.ts';
import { WavFile } from './wav-file.ts';

export interface SinkOptions {
  readonly path: string;
  readonly format: MixFormat;
  readonly layout: MixLayout;
  readonly bitrateKbps?: number | undefined;
  readonly title: string;
  /** Of wav. */
  readonly timeReference?: number | undefined;
  /** Of wav. */
  readonly channelNames?: readonly string[] | undefined;
  /** Path; not for wav. */
  readonly chapters?: string | undefined;
  readonly madeBy: string;
  /** Where the mix's time 0 lies. */
  readonly zeroUnixMs: number;
  readonly ffmpegPath?: string | undefined;
}

/** Behind the sound, chapters are read, and nothing else of their file is taken. */
const WITH_CHAPTERS = ['-map', '0:a', '-map_chapters', '1'];

/** @throws {ProcessorError} ERR_NO_FFMPEG, ERR_ENCODER_FAILED; whatever a file that cannot be opened throws */
export async function openSink(options: SinkOptions, plan: MixPlan): Promise<MixSink> {
  const { path, format, layout, bitrateKbps, title, madeBy, ffmpegPath } = options;
  const startsAt = new Date(options.zeroUnixMs).toISOString();
  if (format === 'wav') {
    const { channels, samples } = plan;
    return await WavFile.create(path, {
      channels,
      samples,
      title,
      madeBy,
      startsAt,
      timeReference: options.timeReference,
      channelNames: options.channelNames ?? (layout === 'per-user' ? plan.users : undefined),
    });
  }
  const isPerUser = layout === 'per-user';
  const channels = isPerUser ? 1 : plan.channels;
  const { encoder, options: output } = encodingOf({ format, channels, bitrateKbps });
  const tags = [
    ...['-metadata', `title=${title}`, '-metadata', `encoded_by=${madeBy}`],
    // Formats know one or the other.
    ...['-metadata', `date=${startsAt}`, '-metadata', `creation_time=${startsAt}`],
  ];
  const encoding = {
    path,
    encoder,
    asides: options.chapters === undefined ? [] : [options.chapters],
    output: [...(options.chapters === undefined ? [] : WITH_CHAPTERS), ...tags, ...output],
    ffmpegPath,
  };
  if (isPerUser) return await TrackPerUserFile.create(plan, madeBy, encoding);
  return await EncodedFile.create(channels, plan.sampleRate, encoding);
}
