import { MAX_SMALL_ENTRY } from '../bounds.ts';
import { openEntry } from '../entry/open-entry.ts';
import type { EntryLocation } from '../recording.ts';
import type { ByteSource } from '../source/byte-source.ts';

/** @throws ArchiveError as openEntry does. */
export async function readEntryFully(
  location: EntryLocation,
  source: ByteSource | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openEntry(location, {
    maxEntrySize: MAX_SMALL_ENTRY,
    source,
    signal,
  })) {
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
