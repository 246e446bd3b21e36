import { crc32 } from 'node:zlib';
import type { EntryLocation } from '@rawreel/archive';
import type { Plan } from '../plan/plan.ts';
import { openDump } from '../read/open-dump.ts';
import type { RunOptions } from './run-options.ts';

export type DigestOptions = Pick<RunOptions, 'maxEntrySize' | 'signal' | 'fetch'>;

/** Tells a dump's content: size and CRC-32, which a ZIP's directory knows; all others are read for it. */
async function digestOf(dump: EntryLocation, options: DigestOptions): Promise<string> {
  if (dump.container === 'zip') return `${dump.size}-${dump.crc32}`;
  let crc = 0;
  try {
    await options.fetch?.([dump], options.signal);
    for await (const chunk of openDump(dump, options)) crc = crc32(chunk, crc);
  } catch {
    options.signal?.throwIfAborted();
    return `${dump.size}-${crc}-broken`;
  }
  return `${dump.size}-${crc}`;
}

/** The digests of a plan's dumps, in the order of its tracks and segments. */
export async function contentDigests({ tracks }: Plan, options: DigestOptions): Promise<string[]> {
  const digests: string[] = [];
  for (const { dump } of tracks.flatMap(({ segments }) => segments)) {
    if (dump !== undefined) digests.push(await digestOf(dump, options));
  }
  return digests;
}

/** Whether the digests are there without reading a dump. */
export const isDigested = ({ tracks }: Plan): boolean =>
  tracks.every(({ segments }) =>
    segments.every(({ dump }) => dump === undefined || dump.container === 'zip'),
  );
