import type { MixRequest } from '@rawreel/processor';
import { LOSSLESS_FORMATS, MOST_USERS_APART } from '@rawreel/processor/choices';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import { cutOf } from '../options/cut.ts';
import type { mixAudio } from './mix-audio.ts';

export const run: Run<typeof mixAudio> = async (options, context, program) => {
  const settings = mediaSettings(options, {
    outputs: ['mix'],
    align: 'track',
    mix: mixRequest(options),
  });
  return await makeMedia({ ...settings, cut: cutOf(options) }, options, context, program);
};

function mixRequest({
  format,
  layout,
  screenshare,
  bitrate: bitrateKbps,
  loudness: loudnessLufs,
  gate: gateDbov,
}: OptionsOf<typeof mixAudio.options>): MixRequest {
  if (bitrateKbps !== undefined && LOSSLESS_FORMATS.includes(format))
    throw new UsageError(`--bitrate is for mp3, m4a, opus and mkv; ${format} is lossless`);
  if (layout === 'per-user' && MOST_USERS_APART[format] === undefined)
    throw new UsageError(`--layout per-user needs --format mkv or wav, not ${format}`, [
      'mkv has a track for each user, wav a channel.',
    ]);
  return { format, layout, screenshare, bitrateKbps, loudnessLufs, gateDbov };
}
