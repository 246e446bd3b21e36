import { randomUUID } from 'node:crypto';
import { printable } from '@rawreel/text';
import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';
import { JobsError } from '../../errors.ts';
import type { RecordingNames } from '../fact.ts';
import { keyOf, storable } from '../keys.ts';

/**
 * Makes the rows of recordings whose names nobody has heard of, in one statement: most events of a burst tell of such.
 *
 * The caller has the locks of their calls, and projects what is added to `touched`.
 *
 * @returns their rows; of names that were known, or that come a second time, there is none
 */
export async function freshRows(
  trx: Tx,
  apiKey: string,
  all: readonly RecordingNames[],
  touched: Set<string>,
): Promise<ReadonlyMap<RecordingNames, string>> {
  const keysOfAll = all.map((names) => ({ names, keys: keysOf(apiKey, names) }));
  const listOf = ({ egress, file }: Keys) => [egress, file].filter((key) => key !== null);
  const wanted = keysOfAll.flatMap(({ keys }) => listOf(keys));
  const known = await trx
    .selectFrom('recordings')
    .select(['egress_key', 'file_key'])
    .where((where) =>
      where.or([
        where('egress_key', '=', sql<string>`any(${wanted}::text[])`),
        where('file_key', '=', sql<string>`any(${wanted}::text[])`),
      ]),
    )
    .execute();
  const seen = new Set(known.flatMap(({ egress_key, file_key }) => [egress_key, file_key]));
  const fresh = new Map<RecordingNames, ReturnType<typeof newRow>>();
  for (const { names, keys } of keysOfAll) {
    if (!listOf(keys).some((key) => seen.has(key))) fresh.set(names, newRow(apiKey, names, keys));
    for (const key of listOf(keys)) seen.add(key);
  }
  if (fresh.size > 0)
    await trx
      .insertInto('recordings')
      .values([...fresh.values()])
      .execute();
  const ids = new Map([...fresh].map(([names, { id }]) => [names, id]));
  for (const id of ids.values()) touched.add(id);
  return ids;
}

/**
 * The row that carries these names, made where there is none. Names that come together for the first time are joined here: the row
 * of the egress gets the file's name, or, where the file has a row of its own, becomes the same as that one.
 *
 * The caller has the call's lock, and projects what is added to `touched`.
 */
export async function rowOf(
  trx: Tx,
  apiKey: string,
  names: RecordingNames,
  touched: Set<string>,
): Promise<string> {
  const id = await named(trx, apiKey, names, touched);
  touched.add(id);
  return id;
}

async function named(trx: Tx, apiKey: string, names: RecordingNames, touched: Set<string>): Promise<string> {
  const keys = keysOf(apiKey, names);
  const { byEgress, byFile } = await rowsWith(trx, keys);
  if (!byEgress) {
    if (!byFile) return await insertRow(trx, apiKey, names, keys);
    if (byFile.egress_key === null && keys.egress !== null)
      await nameEgress(trx, byFile.id, names, keys, touched);
    return byFile.id;
  }
  if (keys.file === null || byEgress.file_key === keys.file) return byEgress.id;
  // One egress with two files: each file is a recording of its own.
  if (byEgress.file_key !== null)
    return byFile?.id ?? (await insertRow(trx, apiKey, names, { ...keys, egress: null }));
  if (byEgress.same_as !== null) touched.add(byEgress.same_as);
  if (!byFile) {
    await nameFile(trx, byEgress.id, names, keys);
    return byEgress.id;
  }
  // A file whose egress is known is not a second egress's as well.
  if (byFile.egress_key === null) {
    await dropGuesses(trx, byFile.id, touched);
    await trx
      .updateTable('recordings')
      .set({ same_as: byFile.id, is_inferred: false })
      .where('id', '=', byEgress.id)
      .execute();
  }
  return byFile.id;
}

interface Keys {
  readonly egress: string | null;
  readonly file: string | null;
}

interface Row {
  readonly id: string;
  readonly egress_key: string | null;
  readonly file_key: string | null;
  readonly same_as: string | null;
}

function keysOf(apiKey: string, { callCid, egressId, sessionId, filename }: RecordingNames): Keys {
  if (egressId === undefined && filename === undefined)
    throw new JobsError(
      'ERR_UNNAMED_FACT',
      `A fact of call ${printable(callCid.slice(0, 100))} names no recording`,
      { hint: 'Give it an egressId, or a sessionId and a filename.' },
    );
  return {
    egress: egressId === undefined ? null : keyOf('egress', apiKey, callCid, egressId),
    file: filename === undefined ? null : keyOf('file', apiKey, callCid, sessionId ?? '', filename),
  };
}

async function rowsWith(
  trx: Tx,
  keys: Keys,
): Promise<{ byEgress?: Row | undefined; byFile?: Row | undefined }> {
  const rows = await trx
    .selectFrom('recordings')
    .select(['id', 'egress_key', 'file_key', 'same_as'])
    .where((where) => where.or([where('egress_key', '=', keys.egress), where('file_key', '=', keys.file)]))
    .execute();
  return {
    byEgress: rows.find((row) => row.egress_key !== null && row.egress_key === keys.egress),
    byFile: rows.find((row) => row.file_key !== null && row.file_key === keys.file),
  };
}

async function insertRow(trx: Tx, apiKey: string, names: RecordingNames, keys: Keys): Promise<string> {
  const row = newRow(apiKey, names, keys);
  await trx.insertInto('recordings').values(row).execute();
  return row.id;
}

const newRow = (apiKey: string, names: RecordingNames, keys: Keys) => ({
  id: randomUUID() as string,
  api_key: storable(apiKey),
  call_cid: storable(names.callCid),
  call_key: keyOf(names.callCid),
  egress_id: keys.egress === null ? null : storable(names.egressId ?? ''),
  egress_key: keys.egress,
  session_id: keys.file === null ? null : storable(names.sessionId ?? ''),
  filename: keys.file === null ? null : storable(names.filename ?? ''),
  file_key: keys.file,
});

async function nameEgress(
  trx: Tx,
  id: string,
  { egressId = '' }: RecordingNames,
  keys: Keys,
  touched: Set<string>,
): Promise<void> {
  await dropGuesses(trx, id, touched);
  await trx
    .updateTable('recordings')
    .set({ egress_id: storable(egressId), egress_key: keys.egress })
    .where('id', '=', id)
    .execute();
}

/** What was concluded from times is void once the egress is known. */
async function dropGuesses(trx: Tx, fileRow: string, touched: Set<string>): Promise<void> {
  const dropped = await trx
    .updateTable('recordings')
    .set({ same_as: null, is_inferred: false })
    .where('same_as', '=', fileRow)
    .where('is_inferred', '=', true)
    .returning('id')
    .execute();
  for (const { id } of dropped) touched.add(id);
}

async function nameFile(trx: Tx, id: string, names: RecordingNames, keys: Keys): Promise<void> {
  await trx
    .updateTable('recordings')
    .set({
      session_id: storable(names.sessionId ?? ''),
      filename: storable(names.filename ?? ''),
      file_key: keys.file,
      same_as: null,
      is_inferred: false,
    })
    .where('id', '=', id)
    .execute();
}
