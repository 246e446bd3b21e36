import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { neededCacheFolder } from '../../remote/cache-folder.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import type { cacheList } from './list.ts';

interface CachedRecording {
  readonly description: string;
  readonly byteLength: number;
  readonly present: number;
  readonly lastUsedMs: number;
  readonly inUse: boolean;
}

const COLUMNS: readonly Column<CachedRecording>[] = [
  { title: 'CACHED', align: 'right', cell: ({ present }) => formatBytes(present) },
  { title: 'SIZE', align: 'right', cell: ({ byteLength }) => formatBytes(byteLength) },
  { title: 'LAST USED', cell: ({ lastUsedMs }) => new Date(lastUsedMs).toISOString().slice(0, 16) },
  {
    title: 'RECORDING',
    cell: ({ description, inUse }) => printable(description) + (inUse ? ' (in use)' : ''),
  },
];

export const run: Run<typeof cacheList> = async ({ cacheDir, json }, { packages, stdout, env }) => {
  const folder = cacheDir ?? (await neededCacheFolder());
  const { listCache } = await packages.storage();
  const recordings = await listCache(folder);
  if (json) stdout.write(jsonText({ folder, recordings }));
  else {
    const bytes = recordings.reduce((sum, { present }) => sum + present, 0);
    const { bold } = coloursFor(stdout, env);
    const head = `${bold(count(recordings.length, 'recording'))} in ${printable(folder)} (${formatBytes(bytes)})`;
    const table = recordings.length === 0 ? [] : ['', ...renderTable(COLUMNS, recordings, undefined).lines];
    stdout.write(`${[head, ...table].join('\n')}\n`);
  }
  return EXIT.whole;
};
