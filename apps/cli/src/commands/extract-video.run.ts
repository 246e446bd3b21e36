import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { fillPolicies, mediaSettings } from '../make/media-settings.ts';
import { cutOf } from '../options/cut.ts';
import type { extractVideo } from './extract-video.ts';

export const run: Run<typeof extractVideo> = async (options, context, program) => {
  const { align, fillGaps } = options;
  const policies = fillPolicies({ fillGaps, fixDtx: true });
  const settings = mediaSettings(options, { outputs: ['video'], ...policies, align });
  return await makeMedia({ ...settings, cut: cutOf(options) }, options, context, program);
};
