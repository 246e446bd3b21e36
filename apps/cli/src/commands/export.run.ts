import type { PlanRequest } from '@rawreel/processor';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import { ofFile } from '../make/option-file.ts';
import type { exportCall } from './export.ts';

type Names = NonNullable<PlanRequest['editor']>['names'];

export const run: Run<typeof exportCall> = async (options, context, program) => {
  const { names: file } = options;
  const processor = await context.packages.processor();
  const names = file === undefined ? undefined : await ofFile('--names', file, processor.readDisplayNames);
  const settings = mediaSettings(options, requestOf(options, names));
  return await makeMedia({ ...settings, verify: options.verify }, options, context, program);
};

function requestOf(options: OptionsOf<typeof exportCall.options>, names: Names): PlanRequest {
  const { cfr, codec, size, stems, format } = options;
  // All that is made is on one clock.
  const align = 'recording';
  switch (options.for) {
    case 'editor':
      return { outputs: ['editor'], align, editor: { fps: cfr === '30' ? 30 : 25, codec, size, names } };
    case 'podcast':
      return { outputs: ['podcast'], align, podcast: { stems, format, names } };
    case 'transcription':
      return { outputs: ['transcription'], align };
    default:
      return options.for satisfies never;
  }
}
