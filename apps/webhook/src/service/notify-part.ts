import { webhookEndpoint } from '../notify/webhook-endpoint.ts';
import { messageOf } from './message-of.ts';
import type { Part, Surroundings } from './part.ts';
import { tellNotify } from './tell-notify.ts';

/** A webhook that was sent is answered within 15 s; one that is not counted as sent is sent again. */
const FINISH_MS = 16_000;

/** Tells the configured addresses what becomes of recordings: whichever processes have them, one of these tells each. */
export async function notifyPart({ jobs, config, log, madeBy }: Surroundings): Promise<Part> {
  const tell = tellNotify(log);
  const endpoints = config.notify.map((configured) =>
    webhookEndpoint({
      ...configured,
      userAgent: madeBy,
      onUnlisted: ({ recording: { id, callCid } }, error) =>
        log({
          level: 'warn',
          callCid,
          text: `told without its files: ${messageOf(error)}`,
          fields: { recording: id },
        }),
    }),
  );
  const notifiers = await Promise.all(endpoints.map((endpoint) => jobs.notify({ ...endpoint, tell })));
  const names = new Set(endpoints.map(({ name }) => name));
  for (const { name, disabled } of await jobs.notifications.endpoints()) {
    if (!names.has(name)) continue;
    if (disabled)
      log({
        level: 'warn',
        text: `${name} is not told: it is disabled, ${disabled.why}`,
        fields: { endpoint: name },
      });
    else
      log({
        level: 'info',
        text: `what becomes of recordings is told to ${name}`,
        fields: { endpoint: name },
      });
  }
  return {
    async stop({ finishMs = 0, handBackMs }) {
      const times = { finishMs: Math.min(finishMs, FINISH_MS), handBackMs };
      await Promise.all(notifiers.map((notifier) => notifier.stop(times)));
    },
  };
}
