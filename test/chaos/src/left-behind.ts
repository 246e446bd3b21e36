import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingSummary } from '@rawreel/jobs';
import type { Database } from './database.ts';
import { callCidOf, placeOf } from './delivered.ts';
import type { Recorded } from './stream.ts';

/** Each in the singular, and how many rows of it there are. */
const ROWS = [
  [
    'job in the queue',
    `select count(*)::int from rawreel_queue.job where name = 'recordings' and state in ('created', 'retry', 'active')`,
  ],
  [
    'dead letter',
    `select count(*)::int from rawreel_queue.job where name = 'recordings-given-up' and state in ('created', 'retry', 'active')`,
  ],
  ['lease', 'select count(*)::int from rawreel.leases'],
  ['hold', 'select count(*)::int from rawreel.holds'],
  [
    'recording that is not done',
    `select count(*)::int from rawreel.recordings where same_as is null and state <> 'done'`,
  ],
] as const;

/** Rows of the database that wait for something. */
export async function rowsLeft(database: Database): Promise<string[]> {
  const left: string[] = [];
  for (const [what, question] of ROWS) {
    const [{ count } = { count: 0 }] = await database.ask<{ count: number }>(question);
    for (let number = 1; number <= count; number++) left.push(`${what} (${number} of ${count})`);
  }
  return left;
}

/** What the ledger has that nobody recorded. */
export function strangersIn(known: readonly RecordingSummary[], recorded: readonly Recorded[]): string[] {
  const names = new Set(recorded.map((each) => `${callCidOf(each)} ${each.filename}`));
  return known
    .filter(({ callCid, filename }) => !names.has(`${callCid} ${filename}`))
    .map(({ callCid, filename, egressId, state }) => {
      return `a recording of ${callCid} that nobody made (${state}; file ${filename}, egress ${egressId})`;
    });
}

/** Files and folders that belong to no recording, or to none any more. */
export async function filesLeft(
  folders: { readonly media: string; readonly data: string; readonly temporary: string },
  recorded: readonly Recorded[],
): Promise<string[]> {
  const { media, data, temporary } = folders;
  const places = new Set(recorded.map((each) => placeOf(media, each)));
  const left: string[] = [];
  for (const type of await readdir(media).catch(() => []))
    for (const call of await readdir(join(media, type)))
      for (const start of await readdir(join(media, type, call))) {
        const path = join(media, type, call, start);
        if (!places.has(path)) left.push(path);
      }
  for (const folder of [join(data, 'cache'), temporary])
    for (const name of await readdir(folder).catch(() => [])) left.push(join(folder, name));
  const pid = join(data, 'postgresql', 'data', 'postmaster.pid');
  if (existsSync(pid)) left.push(`${pid}: the database runs on`);
  return left;
}
