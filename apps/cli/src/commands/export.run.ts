import type { PlanRequest } from '@rawreel/processor';
import { PROXY_FPS } from '@rawreel/processor/choices';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import { displayNamesOf } from '../make/display-names.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import type { exportCall } from './export.ts';

type Options = OptionsOf<typeof exportCall.options>;
type Names = NonNullable<PlanRequest['editor']>['names'];

/** Whom each of the options is for, of those that are not for all. */
const OPTIONS_FOR = {
  names: ['editor', 'podcast'],
  cfr: ['editor'],
  codec: ['editor'],
  size: ['editor'],
  stems: ['podcast'],
  format: ['podcast'],
} as const satisfies Partial<Record<keyof Options, readonly Options['for'][]>>;

export const run: Run<typeof exportCall> = async (options, context, program) => {
  checkFor(options);
  const names = await displayNamesOf(options.names, await context.packages.processor());
  const settings = mediaSettings(options, requestOf(options, names));
  return await makeMedia({ ...settings, verify: options.verify }, options, context, program);
};

/** @throws UsageError for an option that would go unnoticed */
function checkFor(options: Options): void {
  for (const [name, whom] of Object.entries(OPTIONS_FOR)) {
    const isGiven = options[name as keyof typeof OPTIONS_FOR] !== undefined;
    if (isGiven && !whom.some((each) => each === options.for))
      throw new UsageError(`--${name} does nothing with --for ${options.for}`, [
        `It is for --for ${whom.join(' or --for ')}.`,
      ]);
  }
}

function requestOf(options: Options, names: Names): PlanRequest {
  const { cfr, codec, size, stems, format } = options;
  // All that is made is on one clock.
  const align = 'recording';
  switch (options.for) {
    case 'editor':
      return {
        outputs: ['editor'],
        align,
        editor: { fps: PROXY_FPS.find((rate) => `${rate}` === cfr), codec, size, names },
      };
    case 'podcast':
      return { outputs: ['podcast'], align, podcast: { stems, format, names } };
    case 'transcription':
      return { outputs: ['transcription'], align };
    default:
      return options.for satisfies never;
  }
}
