import { readU16, readU32 } from '../read.ts';
import { type FecLevel, type FecPacket, offsetsOf } from './fec-packet.ts';

const HEADER = 10;
/** Senders use one; each is worth a pass over the packets that it protects. */
const MOST_LEVELS = 4;

/**
 * ULPFEC (RFC 5109 §7.3, §7.4): a header, then for each level of protection its own header and what it protects with.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |E|L|P|X|  CC   |M| PT recovery |            SN base            |
 * |                          TS recovery                          |
 * |        length recovery        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |       protection length       |             mask              |  each level
 * |              mask, 32 bits more if L                          |
 * |  what is protected with ...
 * ```
 *
 * The leftmost bit of a mask is SN base itself. E is for extensions of the header that never came.
 */
export function parseUlpfec(payload: Uint8Array): FecPacket | undefined {
  if (payload.length < HEADER) return undefined;
  const maskBytes = ((payload[0] as number) & 0x40) === 0 ? 2 : 6;
  const levels: FecLevel[] = [];
  let from = 0;
  for (let at = HEADER; at < payload.length; ) {
    const start = at + 2 + maskBytes;
    if (start > payload.length || levels.length === MOST_LEVELS) return undefined;
    const length = readU16(payload, at);
    const offsets = offsetsOf(payload, at + 2, { bits: 8 * maskBytes });
    if (start + length > payload.length || offsets.length === 0) return undefined;
    levels.push({ offsets, from, bytes: payload.subarray(start, start + length) });
    from += length;
    at = start + length;
  }
  if (levels.length === 0) return undefined;
  return {
    ssrc: undefined,
    flags: readU16(payload, 0) & 0x3fff,
    timestamp: readU32(payload, 4),
    length: readU16(payload, 8),
    base: readU16(payload, 2),
    levels,
  };
}
