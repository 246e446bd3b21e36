import type { Db } from '../database/connect.ts';
import { JobsError } from '../errors.ts';
import { clockOf } from './clock.ts';
import { enableEndpoint } from './queries/enable-endpoint.ts';
import { type Endpoint, listEndpoints } from './queries/list-endpoints.ts';
import {
  listNotifications,
  type NotificationFilter,
  type NotificationWithDeliveries,
} from './queries/list-notifications.ts';

/** What was told, and to whom. */
export interface Notifications {
  endpoints(): Promise<readonly Endpoint[]>;
  /** Newest first. */
  list(
    filter: NotificationFilter,
  ): Promise<{ notifications: readonly NotificationWithDeliveries[]; next?: string | undefined }>;
  /**
   * Enables an endpoint again; what it was not told meanwhile, given up or not, is tried once more from the first try on.
   *
   * @throws {JobsError} `ERR_NO_ENDPOINT`
   */
  enable(name: string): Promise<void>;
}

export function createNotifications(db: Db): Notifications {
  return {
    endpoints: () => listEndpoints(db),
    list: (filter) => listNotifications(db, filter),
    async enable(name) {
      const isKnown = await db.transaction().execute((trx) => enableEndpoint(trx, clockOf(undefined), name));
      if (!isKnown)
        throw new JobsError('ERR_NO_ENDPOINT', `There is no endpoint ${name}`, {
          hint: 'List the endpoints for their names.',
        });
    },
  };
}
