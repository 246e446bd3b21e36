import { formatBytes } from '@rawreel/text';
import type { ContainerEntry, Contents, Refusal } from '../container/contents.ts';
import type { EntryLocation } from '../recording.ts';
import type { Draft } from './draft.ts';
import { entryOf } from './draft-files.ts';
import type { Match } from './match-files.ts';

/** Where a dump is read from, or why it is not. */
export type Placed = EntryLocation | Refusal;

/** Of dumps that are too much together the largest are refused: a bomb takes no room from those beside it. */
export async function placeDumps(
  contents: Contents,
  maxInflated: number,
  drafts: readonly Draft[],
  matches: ReadonlyMap<Draft, Match>,
): Promise<ReadonlyMap<ContainerEntry, Placed>> {
  const placed = new Map<ContainerEntry, Placed>();
  for (const draft of drafts) {
    const entry = entryOf(matches, draft);
    if (entry !== undefined) placed.set(entry, entry.refusal ?? entry.location);
  }
  const wanted = [...placed.keys()].filter(({ refusal }) => refusal === undefined);
  let total = 0;
  for (const entry of wanted.sort((a, b) => a.location.size - b.location.size)) {
    total += entry.location.size;
    if (total > maxInflated) placed.set(entry, tooMuch(contents.byteLength, maxInflated));
  }
  const fitting = new Set(wanted.filter((entry) => placed.get(entry) === entry.location));
  for (const [entry, location] of (await contents.place?.(fitting)) ?? []) placed.set(entry, location);
  return placed;
}

function tooMuch(archiveBytes: number, maxInflated: number): Refusal {
  return {
    code: 'ENTRY_TOO_LARGE',
    reason: `is one of the largest of dumps that come to more than ${formatBytes(maxInflated)} together, out of an archive of ${formatBytes(archiveBytes)}`,
  };
}
