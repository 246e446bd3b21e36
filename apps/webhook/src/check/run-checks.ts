import type { Role } from '../service/service.ts';
import type { Check, CheckContext } from './check.ts';
import { checkApps } from './check-apps.ts';
import { checkCallTypes } from './check-call-types.ts';
import { checkClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkDestinations } from './check-destinations.ts';
import { checkFfmpeg } from './check-ffmpeg.ts';
import { checkPort } from './check-port.ts';
import { checkPublicUrl } from './check-public-url.ts';
import { checkRoom } from './check-room.ts';

/** All that a service in these roles needs, looked at all at once; nothing is begun, and nothing is left but a stored event. */
export async function runChecks(context: CheckContext, roles: readonly Role[]): Promise<readonly Check[]> {
  const [apps, database] = [checkApps(context), checkDatabase(context)];
  const port = roles.includes('receive') ? checkPort(context) : undefined;
  const checks: readonly (Promise<readonly Check[]> | undefined)[] = [
    apps.then((looked) => looked.checks),
    database.then(({ check }) => [check]),
    Promise.all([apps, database]).then((looked) => [checkClock(looked.flatMap(({ readings }) => readings))]),
    ...(roles.includes('work')
      ? [checkDestinations(context), checkFfmpeg(context).then((check) => [check]), checkRoom(context)]
      : []),
    port?.then(({ check }) => [check]),
    port?.then(({ isRunning }) => checkPublicUrl(context, isRunning)),
    port && checkCallTypes(context),
  ];
  return (await Promise.all(checks)).flatMap((each) => each ?? []);
}
