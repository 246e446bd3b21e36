import { type Chunks, endOf, lengthOf, sliceOf } from '../chunks.ts';

const MARKER = 0xc0;
const MARKER_MASK = 0xe0;
export const MAX_FRAMES_IN_SUPERFRAME = 8;

/**
 * Superframe index, VP9 bitstream specification Annex B: behind the frames it counts.
 *
 *     +-+-+-+-+-+-+-+-+        +-+-+-+-+-+-+-+-+
 *     |1 1 0| M | N   |  sizes |1 1 0| M | N   |   N + 1 frames; sizes of M + 1 bytes each, little-endian
 *     +-+-+-+-+-+-+-+-+        +-+-+-+-+-+-+-+-+
 *
 * Gives the frames that the data holds: several with an index, else the data itself. Frames of size 0 are left out.
 */
export function splitSuperframe(data: Chunks): Chunks[] {
  const marker = endOf(data, 1)[0] ?? 0;
  if ((marker & MARKER_MASK) !== MARKER) return [data];
  const frames = (marker & 0x07) + 1;
  const sizeBytes = ((marker >> 3) & 0x03) + 1;
  const indexLength = 2 + frames * sizeBytes;
  const index = endOf(data, indexLength);
  if (index.length < indexLength || index[0] !== marker) return [data];
  const end = lengthOf(data) - indexLength;
  const parts: Chunks[] = [];
  let position = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const size = littleEndian(index, 1 + frame * sizeBytes, sizeBytes);
    if (position + size > end) return [data];
    if (size > 0) parts.push(sliceOf(data, position, position + size));
    position += size;
  }
  return parts.length === 0 ? [data] : parts;
}

/** The index to put behind 1–8 frames of these sizes. */
export function superframeIndex(sizes: readonly number[]): Uint8Array {
  const largest = Math.max(...sizes);
  let sizeBytes = 1;
  while (sizeBytes < 4 && largest >= 256 ** sizeBytes) sizeBytes += 1;
  const index = new Uint8Array(2 + sizes.length * sizeBytes);
  const marker = MARKER | ((sizeBytes - 1) << 3) | (sizes.length - 1);
  index[0] = marker;
  index[index.length - 1] = marker;
  let at = 1;
  for (const size of sizes) {
    for (let byte = 0; byte < sizeBytes; byte += 1) {
      index[at] = (size >>> (8 * byte)) & 0xff;
      at += 1;
    }
  }
  return index;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let byte = count - 1; byte >= 0; byte -= 1) value = value * 256 + (bytes[at + byte] ?? 0);
  return value;
}
