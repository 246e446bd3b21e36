import type { EntryLocation } from '../recording.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { findDataOffset } from './local-header.ts';

/** Makes an entry's bytes, and what leads to them, local. Where its header is broken, opening the entry will say so. */
export async function ensureEntry(
  location: EntryLocation,
  source: ByteSource,
  signal?: AbortSignal,
): Promise<void> {
  switch (location.container) {
    case 'zip': {
      const start = await findDataOffset(source, location.offset);
      if (start !== undefined) await source.ensure?.(start, location.compressedSize, signal);
      return;
    }
    case 'tar':
      return await source.ensure?.(location.offset, location.size, signal);
    case 'tar.gz':
      return await source.ensure?.(0, source.byteLength, signal);
    case 'file':
      return;
    default:
      location satisfies never;
  }
}
