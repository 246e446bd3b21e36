import { readU16, readU32 } from '../read.ts';
import { type FecPacket, offsetsOf } from './fec-packet.ts';

const HEADER = 18;

/**
 * FlexFEC as Chromium sends it (draft-ietf-payload-flexible-fec-scheme-03 §4.2), with a flexible mask (F is 0), for one source.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|F|P|X|  CC   |M| PT recovery |        length recovery        |
 * |                          TS recovery                          |
 * |  SSRC count   |                   reserved                    |
 * |                             SSRC                              |
 * |            SN base            |k|       mask, bits 0-14       |
 * |k|                   mask, bits 15-45 (optional)               |
 * |k|                   mask, bits 46-108 (optional)              |
 * |                                                               |
 * |  what is protected with ...
 * ```
 *
 * A k that is set ends the mask. Retransmissions (R), masks of rows and columns (F) and several sources are not read.
 */
export function parseFlexfec03(payload: Uint8Array): FecPacket | undefined {
  if (payload.length < HEADER + 2) return undefined;
  if (((payload[0] as number) & 0xc0) !== 0 || payload[8] !== 1) return undefined;
  const offsets: number[] = [];
  let at = HEADER;
  let first = 0;
  for (const bits of [15, 31, 63]) {
    const end = at + ((bits + 1) >> 3);
    if (end > payload.length) return undefined;
    offsets.push(...offsetsOf(payload, at, { skip: 1, bits, first }));
    const isLast = (payload[at] as number) >= 0x80;
    at = end;
    first += bits;
    if (isLast) break;
  }
  if (offsets.length === 0) return undefined;
  return {
    ssrc: readU32(payload, 12),
    flags: readU16(payload, 0) & 0x3fff,
    timestamp: readU32(payload, 4),
    length: readU16(payload, 2),
    base: readU16(payload, 16),
    levels: [{ offsets, from: 0, bytes: payload.subarray(at) }],
  };
}
