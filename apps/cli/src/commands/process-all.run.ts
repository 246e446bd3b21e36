import type { Run } from '../declare/command.ts';
import { makeMedia } from '../make/make-media.ts';
import { allOutputs, fillPolicies, mediaSettings } from '../make/media-settings.ts';
import type { processAll } from './process-all.ts';

export const run: Run<typeof processAll> = async (options, context, program) => {
  const { align, mix, force, verify, report: inspectionPage } = options;
  const request = { outputs: allOutputs(mix), ...fillPolicies(options), align };
  const resume = force ? 'anew' : 'keep';
  const settings = { ...mediaSettings(options, request), resume, verify, inspectionPage } as const;
  return await makeMedia(settings, options, context, program);
};
