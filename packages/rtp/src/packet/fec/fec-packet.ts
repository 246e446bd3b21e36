import type { RtpPacket } from '../rtp-packet.ts';

/**
 * What forward error correction says of the media packets that it protects: of their header fields, lengths and octets the
 * XOR, as each packet was before RED encapsulated it.
 */
export interface FecPacket {
  /** The source of what it protects; undefined where the header does not name one (ULPFEC). */
  readonly ssrc: number | undefined;
  /** P, X, CC, M and PT recovery: 14 bits, as they lie in the first two octets of an RTP packet. */
  readonly flags: number;
  /** TS recovery. */
  readonly timestamp: number;
  /** Length recovery, of all that follows the fixed header of 12 octets. */
  readonly length: number;
  /** SN base: the sequence number that offsets count from. */
  readonly base: number;
  /** The first one protects octets from the fixed header on, each further one those behind it. */
  readonly levels: readonly FecLevel[];
}

export interface FecLevel {
  /** Which packets are protected, counted from SN base, rising; never empty. */
  readonly offsets: readonly number[];
  /** Where the protected octets begin, counted from behind the fixed header. */
  readonly from: number;
  /** A view on the payload. */
  readonly bytes: Uint8Array;
}

/**
 * Reads an FEC payload. Never throws.
 *
 * @param carrier the packet that it came in
 * @returns undefined where it breaks the format, or is of a kind that no sender was seen to use
 */
export type ParseFec = (payload: Uint8Array, carrier: RtpPacket) => FecPacket | undefined;

/** The bits that are set, as offsets from `first` on; the leftmost bit of `at` is `skip` places before the first. */
export function offsetsOf(
  bytes: Uint8Array,
  at: number,
  { skip = 0, bits, first = 0 }: { readonly skip?: number; readonly bits: number; readonly first?: number },
): number[] {
  const offsets: number[] = [];
  for (let bit = skip; bit < skip + bits; bit++) {
    const octet = bytes[at + (bit >> 3)] as number;
    if (((octet >> (7 - (bit & 7))) & 1) === 1) offsets.push(first + bit - skip);
  }
  return offsets;
}
