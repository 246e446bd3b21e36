import type { ByteSource } from '../source/byte-source.ts';

/** Bytes before the name. */
export const LOCAL_HEADER = 30;

/**
 * Where an entry's data begins. Only the local header tells: its extra field may differ from the directory's.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1    little-endian
 *     +---------------------------------------------------------------+
 *   0 |            signature 'P' 'K' 03 04                            |
 *   4 |  version needed               |  flags                        |
 *   8 |  method                       |  time                         |
 *  12 |  date                         |  CRC-32 …                     |
 *  16 |                             … |  compressed size …            |
 *  20 |                             … |  size …                       |
 *  24 |                             … |  name length n                |
 *  28 |  extra length m               |  name (n), extra (m), data …
 *
 * Sizes and CRC may be 0 here (data descriptor): the directory's are used. APPNOTE 6.3.10 §4.3.7.
 *
 * @returns where the data begins in `bytes`, which begin with the header; undefined where they do not.
 */
export function findDataStart(bytes: Uint8Array): number | undefined {
  if (bytes.byteLength < LOCAL_HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) return undefined;
  return LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
}

/** As findDataStart, counted from the source's start, for a local header at `offset`. */
export async function findDataOffset(source: ByteSource, offset: number): Promise<number | undefined> {
  const start = findDataStart(await source.read(offset, LOCAL_HEADER));
  return start === undefined ? undefined : offset + start;
}
