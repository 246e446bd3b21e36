import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { fillPolicies, mediaSettings } from '../make/media-settings.ts';
import { cutOf } from '../options/cut.ts';
import type { extractAudio } from './extract-audio.ts';

export const run: Run<typeof extractAudio> = async (options, context, program) => {
  const { align } = options;
  const settings = mediaSettings(options, { outputs: ['audio'], ...fillPolicies(options), align });
  return await makeMedia({ ...settings, cut: cutOf(options) }, options, context, program);
};
