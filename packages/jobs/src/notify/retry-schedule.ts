/** How long is waited after a try that failed, and what that is enough for; the first try is at once. */
export const NOTIFY_SCHEDULE = [
  { seconds: 5, why: 'a connection that broke, a process that was just starting' },
  { seconds: 5 * 60, why: 'a deployment, a load balancer that has not noticed yet' },
  { seconds: 30 * 60, why: 'a machine that is replaced' },
  { seconds: 2 * 3600, why: 'an incident that somebody works at' },
  { seconds: 5 * 3600, why: 'one that began in the evening' },
  { seconds: 10 * 3600, why: 'a night' },
  { seconds: 14 * 3600, why: 'and the working day after it' },
  { seconds: 20 * 3600, why: 'the next day, at another hour' },
  { seconds: 24 * 3600, why: 'a weekend: three days and four hours after the first try' },
] as const;

/** Tries at most. */
export const NOTIFY_TRIES = NOTIFY_SCHEDULE.length + 1;

/**
 * @param tries that have failed
 * @returns milliseconds until the next, or `undefined` when there is none
 */
export function nextTryMs(tries: number): number | undefined {
  const wait = NOTIFY_SCHEDULE[tries - 1];
  return wait && wait.seconds * 1000;
}

const DAY_MS = 24 * 3_600_000;

/** An endpoint that has failed for so long, whatever it was sent, is disabled. */
export const DISABLE_AFTER_MS = 5 * DAY_MS;
/** Longer than any wait above: of an endpoint that was sent nothing for so long, nobody knows that it was failing all the time. */
export const STREAK_GAP_MS = 2 * DAY_MS;
/** As long as Stream keeps a recording. Then notifications are removed, delivered or not, and endpoints that nobody has any more. */
export const KEEP_MS = 14 * DAY_MS;
