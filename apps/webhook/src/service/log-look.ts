import type { LookEnd } from '../telemetry/traced-look.ts';
import type { Log } from './log.ts';
import { shownSeconds } from './shown-times.ts';

/** Logs a look that succeeded; one that failed is a warning of the reconciler. */
export function logLook(log: Log, { apiKey, breadth, seconds, look }: LookEnd): void {
  if (look === undefined) return;
  const { calls, found, renewed, expired } = look;
  log({
    level: 'debug',
    text: `looked at ${breadth} calls of app ${apiKey} in ${shownSeconds(seconds * 1000)}: ${calls} asked, ${found} recordings found`,
    fields: { app: apiKey, breadth, calls, found, renewed, expired },
  });
}
