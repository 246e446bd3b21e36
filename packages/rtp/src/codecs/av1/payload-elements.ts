import { readLeb128 } from './leb128.ts';

/** The aggregation header of one packet. */
export interface AggregationHeader {
  /** Z: the first element continues the last one of the packet before. */
  readonly continues: boolean;
  /** Y: the last element goes on in the next packet. */
  readonly unfinished: boolean;
  /** N: a coded video sequence starts here. */
  readonly startsSequence: boolean;
}

/**
 * RTP payload format for AV1, §4.3 and §4.4.
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |Z|Y| W |N|-|-|-|   aggregation header
 *     +-+-+-+-+-+-+-+-+
 *     | size (leb128) |   before every OBU element if W = 0, else before all of the W elements but the last
 *     | OBU element   |
 *     :               :
 *
 * Appends the elements to `elements` as views; some senders end a packet with an empty one. Returns undefined, and appends
 * none, where sizes and payload disagree.
 */
export function readElements(payload: Uint8Array, elements: Uint8Array[]): AggregationHeader | undefined {
  const flags = payload[0];
  if (flags === undefined) return undefined;
  const before = elements.length;
  if (!readInto(payload, (flags >> 4) & 0x03, elements)) {
    elements.length = before;
    return undefined;
  }
  return {
    continues: (flags & 0x80) !== 0,
    unfinished: (flags & 0x40) !== 0,
    startsSequence: (flags & 0x08) !== 0,
  };
}

function readInto(payload: Uint8Array, count: number, elements: Uint8Array[]): boolean {
  let position = 1;
  for (let left = count - 1; left !== 0; left -= 1) {
    if (position === payload.length) return count === 0 && position > 1;
    const size = readLeb128(payload, position);
    if (size === undefined) return false;
    const start = position + size.length;
    position = start + size.value;
    if (position > payload.length) return false;
    elements.push(payload.subarray(start, position));
  }
  if (position === 1 && position === payload.length) return false;
  elements.push(payload.subarray(position));
  return true;
}
