import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import type { NotificationKind } from '../../ledger/notification.ts';
import type { NotifyClock } from '../clock.ts';
import { enableEndpoint } from './enable-endpoint.ts';

export interface RegisteredEndpoint {
  readonly name: string;
  readonly kinds?: readonly NotificationKind[] | undefined;
  readonly apiKeys?: readonly string[] | undefined;
  readonly revision: string;
}

/** From now on notifications are kept for it. One that was disabled is enabled where its configuration has changed since. */
export async function registerEndpoint(
  db: Db,
  clock: NotifyClock,
  { name, kinds, apiKeys, revision }: RegisteredEndpoint,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('endpoints')
      .select(['revision', 'disabled_at'])
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    const configured = {
      kinds: kinds ? [...kinds] : null,
      api_keys: apiKeys ? [...apiKeys] : null,
      revision,
      seen_at: clock.now(),
    };
    await trx
      .insertInto('endpoints')
      .values({ name, ...configured })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(configured))
      .execute();
    if (before?.disabled_at && before.revision !== revision) await enableEndpoint(trx, clock, name);
  });
}

/** A process has it still. */
export async function touchEndpoint(db: Db, clock: NotifyClock, name: string): Promise<void> {
  await db
    .updateTable('endpoints')
    .set({ seen_at: sql<Date>`greatest(seen_at, ${clock.now()})` })
    .where('name', '=', name)
    .execute();
}
