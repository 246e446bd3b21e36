import { resolve } from 'node:path';
import { isAddress } from '@rawreel/storage/address';
import type { Config } from '../config/config.ts';
import type { OutputSettingsOf } from '../work/output-settings.ts';

/** The settings of a call type override those for all, one by one. */
export function outputSettingsOf(config: Config): OutputSettingsOf {
  return (callType) => {
    // Names come from elsewhere: `constructor` is one as any other.
    const own = Object.hasOwn(config.callTypes, callType) ? config.callTypes[callType] : undefined;
    const output = own?.output ?? config.output;
    return {
      plan: {
        outputs: own?.make ?? config.make,
        muxed: own?.muxed ?? config.muxed,
        mix: own?.mix ?? config.mix,
        gaps: own?.gaps ?? config.gaps,
        align: own?.align ?? config.align,
      },
      output: isAddress(output) ? output : resolve(output),
      template: own?.template ?? config.template,
      verify: own?.verify ?? config.verify,
    };
  };
}

/** Every place that files go to, once. */
export function outputsOf(config: Config): readonly string[] {
  const settings = [config, ...Object.values(config.callTypes)];
  return [...new Set(settings.flatMap(({ output }) => output ?? []))];
}
