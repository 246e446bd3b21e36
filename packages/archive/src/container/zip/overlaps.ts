import { LOCAL_HEADER } from '../../entry/local-header.ts';
import type { ContainerEntry } from '../contents.ts';

interface Extent {
  readonly entry: ContainerEntry;
  readonly start: number;
  readonly end: number;
}

/**
 * Entries that claim bytes which are another's. No packer writes that: it is how an archive inflates to more than deflate
 * can make of its bytes, a thousand names for one entry. Of those that meet, the one that ends first keeps its bytes, so
 * that an entry which claims the whole archive costs none of the others.
 *
 * Local headers are taken at their least length. What is left has together no more compressed bytes than the archive.
 */
export function overlapping(entries: readonly ContainerEntry[]): Set<ContainerEntry> {
  const extents = entries.flatMap((entry): Extent[] => {
    const { location, refusal } = entry;
    if (refusal !== undefined || location.container !== 'zip') return [];
    const start = location.offset;
    return [{ entry, start, end: start + LOCAL_HEADER + location.compressedSize }];
  });
  extents.sort((a, b) => a.end - b.end);
  const refused = new Set<ContainerEntry>();
  let taken = 0;
  for (const { entry, start, end } of extents) {
    if (start < taken) refused.add(entry);
    else taken = end;
  }
  return refused;
}
