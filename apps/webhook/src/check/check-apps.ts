import { createRecordingControl } from '@rawreel/recording-control';
import type { Check, CheckContext } from './check.ts';
import { failed } from './check.ts';
import type { ClockReading } from './check-clock.ts';

/** A check does not wait: it reports what does not answer now. */
const ONCE = { attempts: 1, withinMs: 0 } as const;

/** Whether the first secret of each app, which requests are signed with, opens it. */
export async function checkApps({ config: { apps }, signal }: CheckContext) {
  const readings: ClockReading[] = [];
  const checks = await Promise.all(
    apps.map(async ({ apiKey, secrets: [secret = ''], baseUrl }): Promise<Check> => {
      const name = `app ${apiKey}`;
      try {
        const control = createRecordingControl({ apiKey, secret, baseUrl }, { retry: ONCE });
        const { clockOffsetMs } = await control.access({ signal });
        if (clockOffsetMs !== undefined) readings.push({ of: 'Stream', offsetMs: clockOffsetMs });
        return { name, state: 'ok', found: 'Stream accepts its key and secret' };
      } catch (error) {
        return failed(name, error);
      }
    }),
  );
  return { checks: apps.length > 0 ? checks : [NO_APP], readings };
}

/** Who only works can do without. */
const NO_APP: Check = {
  name: 'app',
  state: 'warn',
  found: 'none is configured',
  advice: 'Without key and secret of its app, an expired link cannot be renewed.',
};
