import { readU16 } from '../../packet/read.ts';
import type { RtpPacket } from '../../packet/rtp-packet.ts';
import type { LateExtension } from './late-extensions.ts';

/** How many sequence numbers back packets are held: two seconds of a camera at 5 Mbit/s. A power of two. */
export const HELD_PACKETS = 1024;
/** Behind the fixed header. Packets of calls fit into Ethernet's 1500. */
export const MOST_HELD_BYTES = 2048;

const FIXED_HEADER = 12;

/** Of one packet, or the XOR of several: the fields that forward error correction protects. */
export interface ProtectedHeader {
  /** P, X, CC, M and PT: 14 bits. */
  flags: number;
  timestamp: number;
  /** Of all behind the fixed header. */
  length: number;
}

/**
 * The last packets of one source, as they were when forward error correction was computed over them: without RED around them, and
 * with zeros for what was written afterwards. 2 MiB from the first packet on, whatever comes: copies, since views would keep all
 * alive that lies between them.
 */
export class HeldMedia {
  readonly #late: readonly LateExtension[];
  readonly #sequences = new Float64Array(HELD_PACKETS).fill(Number.NaN);
  readonly #flags = new Uint16Array(HELD_PACKETS);
  readonly #timestamps = new Uint32Array(HELD_PACKETS);
  readonly #lengths = new Uint16Array(HELD_PACKETS);
  #octets = new Uint8Array(0);
  #highest = Number.NEGATIVE_INFINITY;

  constructor(late: readonly LateExtension[]) {
    this.#late = late;
  }

  /** Lower numbers are not held any more. */
  get lowest(): number {
    return this.#highest - HELD_PACKETS + 1;
  }

  has(sequence: number): boolean {
    return this.#sequences[slotOf(sequence)] === sequence;
  }

  /**
   * @param redBytes of the header of RED (RFC 2198) before the payload, whose last octet names the payload type; 0 without
   * @returns false where it is there already, or is not held for its age or its size
   */
  hold(packet: RtpPacket, sequence: number, redBytes: number): boolean {
    const { bytes, payloadOffset } = packet;
    const length = bytes.length - FIXED_HEADER - redBytes;
    if (sequence < this.lowest || length > MOST_HELD_BYTES || this.has(sequence)) return false;
    if (this.#octets.length === 0) this.#octets = new Uint8Array(HELD_PACKETS * MOST_HELD_BYTES);
    if (sequence > this.#highest) this.#highest = sequence;
    const slot = slotOf(sequence);
    const start = slot * MOST_HELD_BYTES;
    const flags = readU16(bytes, 0) & 0x3fff;
    const payloadType = redBytes === 0 ? flags : (bytes[payloadOffset + redBytes - 1] as number);
    this.#sequences[slot] = sequence;
    this.#flags[slot] = (flags & 0x3f80) | (payloadType & 0x7f);
    this.#timestamps[slot] = packet.timestamp;
    this.#lengths[slot] = length;
    this.#octets.set(bytes.subarray(FIXED_HEADER, payloadOffset), start);
    this.#octets.set(bytes.subarray(payloadOffset + redBytes), start + payloadOffset - FIXED_HEADER);
    for (const { id, from } of this.#late) {
      const data = packet.extension(id);
      if (data === undefined || data.length <= from) continue;
      const at = start + data.byteOffset - bytes.byteOffset - FIXED_HEADER;
      this.#octets.fill(0, at + from, at + data.length);
    }
    return true;
  }

  /** Adds the header of a packet that is held. */
  addHeader(sequence: number, to: ProtectedHeader): void {
    const slot = slotOf(sequence);
    to.flags ^= this.#flags[slot] as number;
    to.timestamp = (to.timestamp ^ (this.#timestamps[slot] as number)) >>> 0;
    to.length ^= this.#lengths[slot] as number;
  }

  /** Adds the octets of a packet that is held, from `from` behind the fixed header on. */
  addOctets(sequence: number, from: number, to: Uint8Array): void {
    const slot = slotOf(sequence);
    const start = slot * MOST_HELD_BYTES + from;
    const count = Math.min(to.length, (this.#lengths[slot] as number) - from);
    for (let at = 0; at < count; at++) to[at] = (to[at] as number) ^ (this.#octets[start + at] as number);
  }

  /** Other numbers come. */
  clear(): void {
    this.#sequences.fill(Number.NaN);
    this.#highest = Number.NEGATIVE_INFINITY;
  }
}

/** Of numbers below 0, too. */
const slotOf = (sequence: number): number => sequence & (HELD_PACKETS - 1);
