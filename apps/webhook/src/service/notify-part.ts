import { webhookEndpoint } from '../notify/webhook-endpoint.ts';
import { logNotifications } from './log-notifications.ts';
import { messageOf } from './message-of.ts';
import type { Part, ServiceContext } from './part.ts';

/** A webhook that was sent is answered within 15 s; one that is not counted as sent is sent again. */
const FINISH_MS = 16_000;

/** Sends webhooks to the configured addresses. Of several processes with the same address, one sends each webhook. */
export async function notifyPart({ jobs, config, log, madeBy }: ServiceContext): Promise<Part> {
  const logEvent = logNotifications(log);
  const endpoints = config.notify.map((configured) =>
    webhookEndpoint({
      ...configured,
      userAgent: madeBy,
      onUnlisted: ({ recording: { id, callCid } }, error) =>
        log({
          level: 'warn',
          callCid,
          text: `webhook without the list of files: ${messageOf(error)}`,
          fields: { recording: id },
        }),
    }),
  );
  const notifiers = await Promise.all(
    endpoints.map((endpoint) => jobs.notify({ ...endpoint, tell: logEvent })),
  );
  const names = new Set(endpoints.map(({ name }) => name));
  for (const { name, disabled } of await jobs.notifications.endpoints()) {
    if (!names.has(name)) continue;
    if (disabled)
      log({
        level: 'warn',
        text: `webhooks to ${name} are disabled: ${disabled.why}`,
        fields: { endpoint: name },
      });
    else
      log({
        level: 'info',
        text: `webhooks go to ${name}`,
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
