import { type Chunks, lengthOf, sliceOf, startOf } from '../chunks.ts';
import { leb128, readLeb128 } from './leb128.ts';

/** AV1 bitstream specification §6.2.2. */
export const OBU_TYPE = {
  sequenceHeader: 1,
  temporalDelimiter: 2,
  frameHeader: 3,
  tileGroup: 4,
  metadata: 5,
  frame: 6,
  redundantFrameHeader: 7,
  tileList: 8,
  padding: 15,
} as const;

export interface Obu {
  readonly type: number;
  /** Header with obu_has_size_field = 1 and the size. */
  readonly head: Uint8Array;
  /** Behind header and size: views. */
  readonly payload: Chunks;
}

const MAX_HEAD_BYTES = 2 + 8;

/**
 * Reads an OBU as a packet carries it, and gives it the size field that a file needs (AV1 bitstream specification
 * §5.3; senders are asked to leave the field out, but may send it).
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |0|  type |X|S|-|
 *     +-+-+-+-+-+-+-+-+
 *  X: | tid | sid |- - -|   temporal and spatial layer
 *     +-+-+-+-+-+-+-+-+
 *  S: | size (leb128) |
 *     +-+-+-+-+-+-+-+-+
 *
 * Undefined where it is none.
 */
export function readObu(chunks: Chunks): Obu | undefined {
  const start = startOf(chunks, MAX_HEAD_BYTES);
  const first = start[0];
  if (first === undefined || (first & 0x80) !== 0) return undefined;
  const extended = (first & 0x04) !== 0;
  const headerLength = extended ? 2 : 1;
  if (start.length < headerLength) return undefined;
  const length = lengthOf(chunks);
  let from = headerLength;
  let to = length;
  if ((first & 0x02) !== 0) {
    const size = readLeb128(start, headerLength);
    if (size === undefined) return undefined;
    from += size.length;
    to = from + size.value;
    if (to > length) return undefined;
  }
  const header = extended ? [first | 0x02, start[1] ?? 0] : [first | 0x02];
  return {
    type: (first >> 3) & 0x0f,
    head: Uint8Array.from([...header, ...leb128(to - from)]),
    payload: sliceOf(chunks, from, to),
  };
}
