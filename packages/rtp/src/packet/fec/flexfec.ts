import { readU16, readU32 } from '../read.ts';
import type { RtpPacket } from '../rtp-packet.ts';
import { type FecPacket, offsetsOf } from './fec-packet.ts';

const HEADER = 12;

/**
 * FlexFEC (RFC 8627 §4.2.2), for one source, which is the only one in the CSRC list of the packet's RTP header.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|F|P|X|  CC   |M| PT recovery |        length recovery        |
 * |                          TS recovery                          |
 * |            SN base            |k|       mask, bits 0-14       |  F is 0
 * |k|                   mask, bits 15-45 (optional)               |
 * |                     mask, bits 46-109 (optional)              |
 * |                                                               |
 * |            SN base            |  L (columns)  |   D (rows)    |  F is 1
 * |  what is protected with ...
 * ```
 *
 * A k that is set says that the mask goes on: the draft that Chromium sends has it the other way around. With F, D up to 1 protects
 * L packets in a row, and a larger D every L-th of D packets. Retransmissions (R) and several sources are not read.
 */
export function parseFlexfec(payload: Uint8Array, carrier: RtpPacket): FecPacket | undefined {
  const ssrc = carrier.csrcCount === 1 ? carrier.csrc(0) : undefined;
  if (payload.length < HEADER || (payload[0] as number) >= 0x80 || ssrc === undefined) return undefined;
  const isFixed = ((payload[0] as number) & 0x40) !== 0;
  const mask = isFixed ? gridOf(payload) : maskOf(payload);
  if (mask === undefined || mask.offsets.length === 0) return undefined;
  return {
    ssrc,
    flags: readU16(payload, 0) & 0x3fff,
    timestamp: readU32(payload, 4),
    length: readU16(payload, 2),
    base: readU16(payload, 8),
    levels: [{ offsets: mask.offsets, from: 0, bytes: payload.subarray(mask.end) }],
  };
}

interface Mask {
  readonly offsets: readonly number[];
  readonly end: number;
}

function maskOf(payload: Uint8Array): Mask | undefined {
  const offsets = offsetsOf(payload, 10, { skip: 1, bits: 15 });
  if ((payload[10] as number) < 0x80) return { offsets, end: 12 };
  if (payload.length < 16) return undefined;
  offsets.push(...offsetsOf(payload, 12, { skip: 1, bits: 31, first: 15 }));
  if ((payload[12] as number) < 0x80) return { offsets, end: 16 };
  if (payload.length < 24) return undefined;
  offsets.push(...offsetsOf(payload, 16, { bits: 64, first: 46 }));
  return { offsets, end: 24 };
}

function gridOf(payload: Uint8Array): Mask {
  const columns = payload[10] as number;
  const rows = payload[11] as number;
  const offsets =
    rows > 1
      ? Array.from({ length: columns === 0 ? 0 : rows }, (_, row) => row * columns)
      : Array.from({ length: columns }, (_, column) => column);
  return { offsets, end: HEADER };
}
