import { jsonText, printable } from '@rawreel/text';
import type { CacheSettings } from '../declare/settings.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure/errors.ts';
import { userCacheFolder } from '../remote/cache-folder.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor } from '../terminal/colour.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { byteSize, count } from '../terminal/units.ts';

interface Kept {
  readonly description: string;
  readonly byteLength: number;
  readonly present: number;
  readonly lastUsedMs: number;
  readonly inUse: boolean;
}

const COLUMNS: readonly Column<Kept>[] = [
  { title: 'HERE', align: 'right', cell: ({ present }) => byteSize(present) },
  { title: 'OF', align: 'right', cell: ({ byteLength }) => byteSize(byteLength) },
  { title: 'LAST USED', cell: ({ lastUsedMs }) => new Date(lastUsedMs).toISOString().slice(0, 16) },
  {
    title: 'RECORDING',
    cell: ({ description, inUse }) => printable(description) + (inUse ? ' (in use)' : ''),
  },
];

export async function listCached(
  settings: CacheSettings,
  { doors, stdout, env }: Surroundings,
): Promise<number> {
  const folder = await folderOf(settings);
  const { listCache } = await doors.storage();
  const recordings = await listCache(folder);
  if (settings.json) stdout.write(jsonText({ folder, recordings }));
  else {
    const bytes = recordings.reduce((sum, { present }) => sum + present, 0);
    const { bold } = coloursFor(stdout, env);
    const head = `${bold(count(recordings.length, 'recording'))} in ${printable(folder)} (${byteSize(bytes)})`;
    const table = recordings.length === 0 ? [] : ['', ...renderTable(COLUMNS, recordings, undefined).lines];
    stdout.write(`${[head, ...table].join('\n')}\n`);
  }
  return EXIT.whole;
}

/** @throws CliError where there is none to list or to clear. */
async function folderOf({ cacheFolder }: CacheSettings): Promise<string> {
  const folder = cacheFolder ?? (await userCacheFolder());
  if (folder !== undefined) return folder;
  throw new CliError('this user has no home folder, and so no cache', {
    code: 'ERR_NO_CACHE_FOLDER',
    hints: ['Recordings are read without one. Name one with --cache-dir, or set HOME.'],
  });
}

export async function clearCached(settings: CacheSettings, { doors, stdout }: Surroundings): Promise<number> {
  const folder = await folderOf(settings);
  const { clearCache } = await doors.storage();
  const { objects, bytes } = await clearCache(folder);
  if (settings.json) stdout.write(jsonText({ folder, objects, bytes }));
  else
    stdout.write(`${count(objects, 'recording')} removed from ${printable(folder)} (${byteSize(bytes)})\n`);
  return EXIT.whole;
}
