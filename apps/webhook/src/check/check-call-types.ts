import { createRecordingControl } from '@rawreel/recording-control';
import { wantedSettings } from '../service/settings-part.ts';
import { type Finding, lookAtCallTypes } from '../settings/wanted-settings.ts';
import { type Check, type CheckContext, failed } from './check.ts';

/** Whether call types are set at Stream as they are configured to be; nothing is changed. */
export async function checkCallTypes({ config, signal }: CheckContext): Promise<readonly Check[]> {
  const wanted = wantedSettings(config);
  if (Object.keys(wanted).length === 0) return [];
  const checks = config.apps.map(async ({ apiKey, secrets: [secret = ''], baseUrl }) => {
    const name = `settings, app ${apiKey}`;
    try {
      const retry = { attempts: 1, withinMs: 0 };
      const { settings } = createRecordingControl({ apiKey, secret, baseUrl }, { retry });
      const findings = await lookAtCallTypes(settings, { wanted, mayChange: false, signal });
      return findings.map((finding): Check => {
        const isEnforced = wanted[finding.callType]?.enforce === true;
        return { name, ...checkOf(finding, isEnforced) };
      });
    } catch (error) {
      return [failed(name, error)];
    }
  });
  return (await Promise.all(checks)).flat();
}

function checkOf(finding: Finding, isEnforced: boolean): Omit<Check, 'name'> {
  const { state, message: found } = finding;
  if (state === 'as-wanted' || state === 'set') return { state: 'ok', found };
  if (state === 'absent')
    return {
      state: 'warn',
      found,
      advice: 'Make it in Stream’s dashboard, or correct its name in callTypes.',
    };
  if (isEnforced) return { state: 'ok', found: `${found}, which the start sees to` };
  return { state: 'warn', found, advice: `To set it: ${finding.command}` };
}
