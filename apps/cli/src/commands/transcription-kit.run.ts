import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import type { transcriptionKit } from './transcription-kit.ts';

export const run: Run<typeof transcriptionKit> = async (options, context, program) => {
  const settings = mediaSettings(options, {
    outputs: ['transcription'],
    gaps: 'fill',
    dtx: 'fill',
    // The files and who spoke when share one clock.
    align: 'recording',
  });
  return await makeMedia(settings, options, context, program);
};
