import type { CacheSettings } from '../declare/settings.ts';
import { EXIT } from '../exit-codes.ts';
import { cacheFolderOf } from '../remote/open-input.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor } from '../terminal/colour.ts';
import { printable } from '../terminal/escape.ts';
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

export async function cache(
  action: 'list' | 'clear',
  settings: CacheSettings,
  { doors, stdout, env }: Surroundings,
): Promise<number> {
  const folder = await cacheFolderOf(settings);
  const { listCache, clearCache } = await doors.storage();
  const json = (value: unknown) => stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  if (action === 'clear') {
    const cleared = await clearCache(folder);
    if (settings.json) json({ folder, ...cleared });
    else {
      const { objects, bytes } = cleared;
      stdout.write(`${count(objects, 'recording')} removed from ${printable(folder)} (${byteSize(bytes)})\n`);
    }
    return EXIT.whole;
  }
  const kept = await listCache(folder);
  if (settings.json) json({ folder, recordings: kept });
  else {
    const bytes = kept.reduce((sum, { present }) => sum + present, 0);
    const { bold } = coloursFor(stdout, env);
    const head = `${bold(count(kept.length, 'recording'))} in ${printable(folder)} (${byteSize(bytes)})`;
    const table = kept.length === 0 ? [] : ['', ...renderTable(COLUMNS, kept, undefined).lines];
    stdout.write(`${[head, ...table].join('\n')}\n`);
  }
  return EXIT.whole;
}
