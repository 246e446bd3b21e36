import { crc32, inflateRawSync } from 'node:zlib';
import { findDataStart } from '../../entry/local-header.ts';
import type { EntryLocation } from '../../recording.ts';
import type { ByteSource } from '../../source/byte-source.ts';

const LONGEST = 64 * 1024;
/** Extra fields of a local header are a few dozen bytes. */
const EXTRA_ROOM = 256;

/**
 * A small entry with one read and one call into zlib. A recording of a long call has thousands of SDPs, and a stream
 * for each costs ten times as much.
 *
 * @returns undefined where anything is unusual: openEntry reads it then, and knows what to say.
 */
export async function readSmallEntry(
  location: EntryLocation & { container: 'zip' },
  source: ByteSource,
): Promise<Uint8Array | undefined> {
  if (location.compressedSize > LONGEST || location.size > LONGEST) return undefined;
  const room = 30 + Buffer.byteLength(location.name) + EXTRA_ROOM + location.compressedSize;
  const bytes = await source.read(location.offset, room);
  const start = findDataStart(bytes);
  if (start === undefined || start + location.compressedSize > bytes.byteLength) return undefined;
  const raw = bytes.subarray(start, start + location.compressedSize);
  const data = location.compression === 'stored' ? raw : inflate(raw, location.size);
  if (data?.byteLength !== location.size || crc32(data) !== location.crc32) return undefined;
  return data;
}

function inflate(raw: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(raw, { maxOutputLength: size + 1, chunkSize: Math.max(64, size + 1) });
  } catch {
    return undefined;
  }
}
