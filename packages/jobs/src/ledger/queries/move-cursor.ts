import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import { storable } from '../keys.ts';

/** Never back: of two services that look at one app, the one that began earlier may end later. */
export async function moveCursor(db: Db, apiKey: string, name: string, ms: number): Promise<void> {
  await db
    .insertInto('cursors')
    .values({ api_key: storable(apiKey), name, at: new Date(ms) })
    .onConflict((conflict) =>
      conflict.columns(['api_key', 'name']).doUpdateSet({ at: sql<Date>`greatest(cursors.at, excluded.at)` }),
    )
    .execute();
}
