import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { allOutputs, mediaSettings } from '../make/media-settings.ts';
import type { processAll } from './process-all.ts';

export const run: Run<typeof processAll> = async (options, context, program) => {
  const {
    align,
    mix,
    gate: gateDbov,
    composite,
    container,
    format,
    force,
    skipExisting,
    verify,
    report: inspectionPage,
  } = options;
  const request = {
    outputs: [...allOutputs(mix), ...(composite ? (['composite'] as const) : [])],
    align,
    muxed: { container },
    mix: { format, gateDbov },
  };
  const resume = force || !skipExisting ? 'anew' : 'keep';
  const settings = { ...mediaSettings(options, request), resume, verify, inspectionPage } as const;
  return await makeMedia(settings, options, context, program);
};
