import type { Tx } from '../../database/connect.ts';
import { JobsError } from '../../errors.ts';
import { isUuid } from '../keys.ts';
import { lockKeyOf } from '../record.ts';
import { lockCalls } from './lock-calls.ts';

/** The row that stands for a recording, with its call locked until the transaction ends. */
export async function lockRecording(trx: Tx, id: string) {
  const find = (wanted: string) =>
    trx.selectFrom('recordings').selectAll().where('id', '=', wanted).executeTakeFirst();
  const named = isUuid(id) ? await find(id) : undefined;
  if (!named)
    throw new JobsError('ERR_NO_RECORDING', `There is no recording ${id}`, {
      hint: 'List the recordings for their ids.',
    });
  await lockCalls(trx, [lockKeyOf(named.api_key, named.call_cid)]);
  // What it was before the lock was got is not what it is now.
  const row = (await find(named.id)) ?? named;
  return row.same_as === null ? row : ((await find(row.same_as)) ?? row);
}
