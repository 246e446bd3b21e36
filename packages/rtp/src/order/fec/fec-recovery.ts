import type { FecLevel, FecPacket } from '../../packet/fec/fec-packet.ts';
import { parseUnmultiplexed, type RtpPacket } from '../../packet/rtp-packet.ts';
import { HeldMedia, MOST_HELD_BYTES, type ProtectedHeader } from './held-media.ts';
import type { LateExtension } from './late-extensions.ts';

const FIXED_HEADER = 12;

/** What waits for packets: more than Chromium sends at once, which is 48 for 48. */
const MOST_WAITING = 64;

export interface RebuiltPacket {
  readonly packet: RtpPacket;
  /** Unwrapped. */
  readonly sequence: number;
}

/** One level of one FEC packet: the XOR of what it protects is known. */
interface Equation {
  readonly header: Readonly<ProtectedHeader>;
  /** With octets of its own: what waits keeps no chunk alive. */
  readonly level: FecLevel;
  /** SN base, unwrapped. */
  readonly base: number;
  readonly ssrc: number;
  /** Of the protected, those that did not come (yet). */
  readonly missing: Set<number>;
}

/** A missing packet of which the first octets are known, and the header. */
interface Part {
  readonly header: ProtectedHeader;
  readonly bytes: Uint8Array;
  covered: number;
}

/**
 * Rebuilds lost packets of one source (RFC 5109 §9): where all but one of the packets that an FEC packet protects are there, the one is the
 * XOR of all the others. A rebuilt packet is there for other FEC packets, too, so that one may bring back the next; and levels
 * behind the first may come from another FEC packet than the first did.
 *
 * Holds the last 1024 packets and 64 levels. What an FEC packet costs is bounded by its own size for each packet that it
 * protects.
 */
export class FecRecovery {
  readonly #held: HeldMedia;
  readonly #accepts: (packet: RtpPacket) => boolean;
  #waiting: Equation[] = [];
  readonly #parts = new Map<number, Part>();

  /** @param accepts whether a rebuilt packet can be one of the source: XOR of what does not belong together is noise */
  constructor(late: readonly LateExtension[], accepts: (packet: RtpPacket) => boolean) {
    this.#held = new HeldMedia(late);
    this.#accepts = accepts;
  }

  /**
   * A packet of the source came.
   *
   * @param redBytes of RED's header before its payload
   * @returns what can be rebuilt with it
   */
  hold(packet: RtpPacket, sequence: number, redBytes: number): readonly RebuiltPacket[] {
    const isNew = this.#held.hold(packet, sequence, redBytes);
    return isNew && this.#waiting.length > 0 && this.#arrived(sequence) ? this.#rebuild() : NOTHING;
  }

  /**
   * An FEC packet came.
   *
   * @param base its SN base, unwrapped
   * @param ssrc of what it protects
   * @returns what can be rebuilt with it
   */
  take(fec: FecPacket, base: number, ssrc: number): readonly RebuiltPacket[] {
    let isUseful = false;
    const { flags, timestamp, length } = fec;
    for (const level of fec.levels) {
      if (level.bytes.length > MOST_HELD_BYTES || level.offsets.length > MOST_PROTECTED) continue;
      const missing = new Set<number>();
      for (const offset of level.offsets) if (!this.#held.has(base + offset)) missing.add(base + offset);
      if (missing.size === 0) continue;
      isUseful ||= missing.size === 1;
      this.#waiting.push({
        header: { flags, timestamp, length },
        level: { ...level, bytes: new Uint8Array(level.bytes) },
        base,
        ssrc,
        missing,
      });
    }
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(0, this.#waiting.length - MOST_WAITING);
    return isUseful ? this.#rebuild() : NOTHING;
  }

  /** Other sequence numbers come. */
  restart(): void {
    this.#held.clear();
    this.#waiting = [];
    this.#parts.clear();
  }

  /** @returns whether some level lacks one packet at most by now */
  #arrived(sequence: number): boolean {
    let isUseful = false;
    for (const { missing } of this.#waiting)
      if (missing.delete(sequence) && missing.size < 2) isUseful = true;
    return isUseful;
  }

  #rebuild(): readonly RebuiltPacket[] {
    const rebuilt: RebuiltPacket[] = [];
    for (let at = this.#nextSolvable(); at >= 0; at = this.#nextSolvable()) {
      const [equation] = this.#waiting.splice(at, 1);
      const whole = equation === undefined ? undefined : this.#solve(equation);
      if (whole === undefined) continue;
      this.#held.hold(whole.packet, whole.sequence, 0);
      this.#arrived(whole.sequence);
      this.#parts.delete(whole.sequence);
      rebuilt.push(whole);
    }
    if (this.#parts.size > MOST_WAITING) this.#parts.clear();
    return rebuilt;
  }

  /** Forgets what is of no use any more. */
  #nextSolvable(): number {
    const { lowest } = this.#held;
    this.#waiting = this.#waiting.filter(
      ({ base, level, missing }) => missing.size > 0 && base + (level.offsets[0] as number) >= lowest,
    );
    return this.#waiting.findIndex(({ level, missing }) => {
      const [sequence] = missing;
      if (missing.size !== 1 || sequence === undefined) return false;
      return level.from === 0 || (this.#parts.get(sequence)?.covered ?? -1) >= level.from;
    });
  }

  /** @returns the packet, if all of it is known now */
  #solve({ header, level, base, ssrc, missing }: Equation): RebuiltPacket | undefined {
    const [sequence] = missing;
    if (sequence === undefined) return undefined;
    const others = level.offsets.map((offset) => base + offset).filter((other) => other !== sequence);
    const part = level.from === 0 ? this.#begin({ ...header }, others) : this.#parts.get(sequence);
    if (part === undefined) return undefined;
    const octets = part.bytes.subarray(FIXED_HEADER).subarray(level.from);
    const target = octets.subarray(0, level.bytes.length);
    target.set(level.bytes.subarray(0, target.length));
    for (const other of others) this.#held.addOctets(other, level.from, target);
    part.covered = Math.max(part.covered, level.from + level.bytes.length);
    if (part.covered < part.header.length) {
      if ((this.#parts.get(sequence)?.covered ?? 0) < part.covered) this.#parts.set(sequence, part);
      return undefined;
    }
    const packet = packetOf(part, sequence, ssrc);
    return packet !== undefined && this.#accepts(packet) ? { packet, sequence } : undefined;
  }

  /** The header fields of the missing packet (RFC 5109 §9.1). */
  #begin(header: ProtectedHeader, others: readonly number[]): Part | undefined {
    for (const other of others) this.#held.addHeader(other, header);
    if (header.length > MOST_HELD_BYTES) return undefined;
    return { header, bytes: new Uint8Array(FIXED_HEADER + header.length), covered: 0 };
  }
}

const NOTHING: readonly RebuiltPacket[] = [];

/** RFC 8627 has masks of so many; a grid of it may have more. */
const MOST_PROTECTED = 110;

function packetOf({ header, bytes }: Part, sequence: number, ssrc: number): RtpPacket | undefined {
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x8000 | header.flags);
  view.setUint16(2, sequence & 0xffff);
  view.setUint32(4, header.timestamp);
  view.setUint32(8, ssrc);
  const packet = parseUnmultiplexed(bytes);
  return typeof packet === 'string' ? undefined : packet;
}
