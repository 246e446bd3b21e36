import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import { cutOf } from '../options/cut.ts';
import type { muxAv } from './mux-av.ts';

export const run: Run<typeof muxAv> = async (options, context, program) => {
  const { align, media, container, language, includeSingle } = options;
  const muxed = { media, container, language, includeSingle };
  const settings = mediaSettings(options, { outputs: ['muxed'], align, muxed });
  return await makeMedia({ ...settings, cut: cutOf(options) }, options, context, program);
};
