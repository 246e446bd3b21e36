import { readU16, readU32 } from './read.ts';
import { isRtcp } from './rtcp.ts';

/** Why bytes are no RTP packet. */
export type RtpFault =
  /** Fewer than the 12 bytes of the fixed header. */
  | 'short-header'
  | 'wrong-version'
  /** An RTCP packet among the RTP (RFC 5761 §4). */
  | 'rtcp'
  | 'csrc-overrun'
  | 'extension-overrun'
  | 'padding-overrun'
  /** The padding bit is set, but the count, which includes itself, is 0. */
  | 'padding-zero';

const FIXED_HEADER = 12;

/**
 * RTP packet (RFC 3550 §5.1).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |             synchronization source (SSRC) identifier          |
 * |            contributing source (CSRC) identifiers, CC of them |
 * |      profile (if X)           |   extension words (if X)      |
 * |                     header extension ...                      |
 * |                     payload ...                               |
 * |                     padding (if P) ...        |  count (if P) |
 * ```
 *
 * Returns a view that has been checked once and copies nothing, or the name of the fault. Never throws.
 */
export function parseRtpPacket(bytes: Uint8Array): RtpPacket | RtpFault {
  return isRtcp(bytes) ? 'rtcp' : parseUnmultiplexed(bytes);
}

/** The same where RTCP is known to be elsewhere: payload types 64 to 95 with a marker bit look like it. */
export function parseUnmultiplexed(bytes: Uint8Array): RtpPacket | Exclude<RtpFault, 'rtcp'> {
  if (bytes.length < FIXED_HEADER) return 'short-header';
  const first = bytes[0] as number;
  if (first >> 6 !== 2) return 'wrong-version';
  let start = FIXED_HEADER + 4 * (first & 0x0f);
  if (start > bytes.length) return 'csrc-overrun';
  if ((first & 0x10) !== 0) {
    if (start + 4 > bytes.length) return 'extension-overrun';
    start += 4 + 4 * readU16(bytes, start + 2);
    if (start > bytes.length) return 'extension-overrun';
  }
  let end = bytes.length;
  if ((first & 0x20) !== 0) {
    const padding = bytes[end - 1] as number;
    if (start === end) return 'padding-overrun';
    if (padding === 0) return 'padding-zero';
    end -= padding;
    if (end < start) return 'padding-overrun';
  }
  return new RtpPacket(bytes, start, end);
}

/** A checked view on one RTP packet; made by `parseRtpPacket`. */
export class RtpPacket {
  readonly bytes: Uint8Array;
  readonly payloadOffset: number;
  /** Offset behind the payload: the packet's end, or where its padding starts. */
  readonly payloadEnd: number;

  constructor(bytes: Uint8Array, payloadOffset: number, payloadEnd: number) {
    this.bytes = bytes;
    this.payloadOffset = payloadOffset;
    this.payloadEnd = payloadEnd;
  }

  /** With bytes of its own, so that it keeps nothing else alive. */
  copy(): RtpPacket {
    // `slice` of node's Buffer is a view.
    return new RtpPacket(new Uint8Array(this.bytes), this.payloadOffset, this.payloadEnd);
  }

  get marker(): boolean {
    return (this.bytes[1] as number) >= 0x80;
  }
  get payloadType(): number {
    return (this.bytes[1] as number) & 0x7f;
  }
  get sequence(): number {
    return readU16(this.bytes, 2);
  }
  get timestamp(): number {
    return readU32(this.bytes, 4);
  }
  get ssrc(): number {
    return readU32(this.bytes, 8);
  }
  get csrcCount(): number {
    return (this.bytes[0] as number) & 0x0f;
  }
  get payloadLength(): number {
    return this.payloadEnd - this.payloadOffset;
  }
  /** A new view at each call. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.payloadOffset, this.payloadEnd);
  }
  get paddingLength(): number {
    return this.bytes.length - this.payloadEnd;
  }
  /** No media at all: sent to probe the network, or to keep a rate. */
  get paddingOnly(): boolean {
    return this.payloadEnd === this.payloadOffset && this.payloadEnd < this.bytes.length;
  }

  /** Contributing source, `index` from 0 to `csrcCount - 1`. */
  csrc(index: number): number | undefined {
    if (index < 0 || index >= this.csrcCount) return undefined;
    return readU32(this.bytes, FIXED_HEADER + 4 * index);
  }

  /** The 16 bits that name the kind of header extension; undefined without one. */
  get extensionProfile(): number | undefined {
    if (((this.bytes[0] as number) & 0x10) === 0) return undefined;
    return readU16(this.bytes, FIXED_HEADER + 4 * this.csrcCount);
  }

  /**
   * The data of a header extension element (RFC 8285), looked for at each call. Elements behind one that overruns the
   * extension are not found.
   */
  extension(id: number): Uint8Array | undefined {
    const profile = this.extensionProfile;
    if (profile === undefined) return undefined;
    const start = FIXED_HEADER + 4 * this.csrcCount + 4;
    if (profile === 0xbede) return findOneByte(this.bytes, start, this.payloadOffset, id);
    if (profile >> 4 === 0x100) return findTwoByte(this.bytes, start, this.payloadOffset, id);
    return undefined;
  }
}

/**
 * One-byte elements (RFC 8285 §4.2); 0 is padding, id 15 ends the search.
 *
 * ```
 * +-+-+-+-+-+-+-+-+
 * |  ID   | len-1 |  len bytes of data ...
 * ```
 */
function findOneByte(bytes: Uint8Array, start: number, end: number, wanted: number): Uint8Array | undefined {
  let at = start;
  while (at < end) {
    const head = bytes[at] as number;
    at++;
    if (head === 0) continue;
    const id = head >> 4;
    const length = (head & 0x0f) + 1;
    if (id === 15 || at + length > end) return undefined;
    if (id === wanted && id !== 0) return bytes.subarray(at, at + length);
    at += length;
  }
  return undefined;
}

/**
 * Two-byte elements (RFC 8285 §4.3); id 0 is padding of one byte.
 *
 * ```
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      ID       |    length     |  length bytes of data ...
 * ```
 */
function findTwoByte(bytes: Uint8Array, start: number, end: number, wanted: number): Uint8Array | undefined {
  let at = start;
  while (at < end) {
    const id = bytes[at] as number;
    at++;
    if (id === 0) continue;
    if (at === end) return undefined;
    const length = bytes[at] as number;
    at++;
    if (at + length > end) return undefined;
    if (id === wanted) return bytes.subarray(at, at + length);
    at += length;
  }
  return undefined;
}
