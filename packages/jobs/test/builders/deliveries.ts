import type { Jobs, Notification, NotifyEvent, NotifyOptions } from '../../src/index.ts';
import { Told } from './told.ts';

/** An endpoint that takes everything, unless told otherwise, and what it was told. */
export async function endpointOn(jobs: Jobs, options: Partial<NotifyOptions> = {}) {
  const got = new Told<Notification>();
  const told = new Told<NotifyEvent>();
  const { deliver = async () => 'taken', ...more } = options;
  const notifier = await jobs.notify({
    name: 'endpoint',
    pollMs: 10,
    tell: told.tell,
    ...more,
    async deliver(notification, signal) {
      got.tell(notification);
      return await deliver(notification, signal);
    },
  });
  return { got, told, notifier };
}
