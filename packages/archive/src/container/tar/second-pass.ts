import { InflateFailure } from '../../entry/inflate-range.ts';
import type { EntryLocation } from '../../recording.ts';
import type { ContainerEntry } from '../contents.ts';
import type { Spool, SpoolFile } from './spool.ts';

/**
 * Writes those of the entries to files that are still in a tar.gz: they were too large to be written before anybody
 * wanted them. One more pass through the archive instead of one for each.
 *
 * @returns where they are; what the disk did not take stays in the archive.
 */
export async function spoolEntries(
  entries: Iterable<ContainerEntry>,
  spool: Spool,
  inflate: () => AsyncIterable<Uint8Array>,
): Promise<Map<ContainerEntry, EntryLocation>> {
  const locations = new Map<ContainerEntry, EntryLocation>();
  const waiting = [...entries].flatMap((entry) =>
    entry.location.container === 'tar.gz' ? [{ entry, location: entry.location }] : [],
  );
  waiting.sort((a, b) => a.location.offset - b.location.offset);
  let next = waiting.shift();
  let file: SpoolFile | undefined;
  let position = 0;
  const finish = async (): Promise<void> => {
    if (file !== undefined && next !== undefined) {
      const { name, size } = next.location;
      await file.finish();
      locations.set(next.entry, { container: 'file', path: file.path, name, size });
    }
    file = undefined;
    next = waiting.shift();
  };
  if (next === undefined) return locations;
  try {
    for await (const chunk of inflate()) {
      const end = position + chunk.byteLength;
      while (next !== undefined && next.location.offset < end) {
        const { offset, size } = next.location;
        const from = Math.max(offset, position);
        const to = Math.min(offset + size, end);
        if (from === offset && from < to) file = await spool.begin(size);
        if (file !== undefined && !(await file.write(chunk.subarray(from - position, to - position)))) {
          file = undefined;
        }
        if (offset + size > end) break;
        await finish();
      }
      if (next === undefined) break;
      position = end;
    }
  } catch (error) {
    // Told by the first pass, which found the sizes that are there.
    if (!(error instanceof InflateFailure)) throw error;
  }
  await file?.abandon();
  return locations;
}
