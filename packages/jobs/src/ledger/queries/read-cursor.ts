import type { Db } from '../../database/connect.ts';
import { storable } from '../keys.ts';

export async function readCursor(db: Db, apiKey: string, name: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('cursors')
    .select('at')
    .where('api_key', '=', storable(apiKey))
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.at.getTime();
}
