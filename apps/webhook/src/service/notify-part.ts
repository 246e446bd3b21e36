import { webhookEndpoint } from '../notify/webhook-endpoint.ts';
import { messageOf } from './message-of.ts';
import type { Part, Surroundings } from './part.ts';
import { tellNotify } from './tell-notify.ts';

/** A webhook that was sent is answered within 15 s; one that is not counted as sent is sent again. */
const FINISH_MS = 16_000;

/** Tells the configured addresses what becomes of recordings: whichever processes have them, one of these tells each. */
export async function notifyPart({ jobs, config, log, madeBy }: Surroundings): Promise<Part> {
  const tell = tellNotify(log);
  const notifiers = await Promise.all(
    config.notify.map((configured) =>
      jobs.notify({
        ...webhookEndpoint({
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
        tell,
      }),
    ),
  );
  return {
    async stop({ finishMs = 0, handBackMs }) {
      const times = { finishMs: Math.min(finishMs, FINISH_MS), handBackMs };
      await Promise.all(notifiers.map((notifier) => notifier.stop(times)));
    },
  };
}
