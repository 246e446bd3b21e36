import {
  ffmpegNeedsOf,
  howToInstallFfmpeg,
  isHiddenFromSnap,
  lackingPictures,
  lookForFfmpeg,
  whereIs,
} from '@rawreel/processor';
import { outputSettingsOf } from '../service/output-settings.ts';
import type { Check, CheckContext } from './check.ts';

/** Whether ffmpeg is there, with the encoders that what is configured for any call type needs. */
export async function checkFfmpeg({ config, env, signal }: CheckContext): Promise<Check> {
  const name = 'ffmpeg';
  const { programIsNeeded, encoders, outputs } = needsOf(config);
  const found = await lookForFfmpeg(config.ffmpegPath, signal);
  const install = howToInstallFfmpeg(process.platform);
  if ('reason' in found) {
    const otherwise = `Set ffmpegPath (FFMPEG_PATH) to another one. ${install}`;
    const advice = found.reason === 'missing' ? install : otherwise;
    return programIsNeeded
      ? { name, state: 'fail', found: found.message, advice }
      : {
          name,
          state: 'warn',
          found: `${found.message}; only black pictures for cameras that are off are missed`,
          advice,
        };
  }
  const path = await whereIs(found.path, env['PATH']);
  const shown = `${found.version}, ${path}`;
  for (const folder of [config.dataFolder, ...outputs])
    if (await isHiddenFromSnap(folder, path, env['HOME']))
      return {
        name,
        state: 'fail',
        found: `${shown} is a snap, which sees only files in the home folder: not those in ${folder}`,
        advice: 'Set ffmpegPath (FFMPEG_PATH) to one that is no snap.',
      };
  const lacking = encoders.filter((encoder) => !found.encoders.includes(encoder));
  if (lacking.length > 0)
    return {
      name,
      state: 'fail',
      found: `${shown}, has no encoder ${lacking.join(' and ')}`,
      advice: `Set another mix.format, or ffmpegPath (FFMPEG_PATH) to an ffmpeg that has it. ${install}`,
    };
  const pictures = lackingPictures(found.encoders);
  if (pictures.length === 0) return { name, state: 'ok', found: shown };
  return {
    name,
    state: 'warn',
    found: `${shown}, makes no black pictures for ${pictures.join(', ')}`,
    advice: 'While a camera is off, its last picture stands.',
  };
}

function needsOf(config: CheckContext['config']) {
  const settingsOf = outputSettingsOf(config);
  // A call type that no setting names has those for all.
  const settings = ['', ...Object.keys(config.callTypes)].map(settingsOf);
  const needs = settings.map(({ plan, verify }) => ffmpegNeedsOf(plan, verify));
  return {
    programIsNeeded: needs.some(({ program }) => program),
    encoders: [...new Set(needs.flatMap((need) => need.encoders))],
    outputs: settings.map(({ output }) => output).filter((output) => !output.includes('://')),
  };
}
