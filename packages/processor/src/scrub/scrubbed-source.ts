import {
  type FecPacket,
  FecRecovery,
  HeldMedia,
  type LateExtension,
  parseRtpPacket,
  type RebuiltPacket,
  type RtpPacket,
  unwrapSequence,
} from '@rawreel/rtp';

/** A larger step is none: the numbers began anew (RFC 3550 appendix A.1). */
const MAX_DROPOUT = 3000;

/** What a source's forward error correction protects, as it was and as it is in the copy. */
export class ScrubbedSource {
  readonly ssrc: number;
  readonly #recovery: FecRecovery;
  readonly #blanked: HeldMedia;
  readonly #blank: (packet: RtpPacket) => void;
  #highest: number | undefined;

  /** @param blank overwrites the payload of a media packet that was lost and rebuilt, in place */
  constructor(
    ssrc: number,
    late: readonly LateExtension[],
    isMedia: (packet: RtpPacket) => boolean,
    blank: (packet: RtpPacket) => void,
  ) {
    this.ssrc = ssrc;
    this.#recovery = new FecRecovery(late, isMedia);
    this.#blanked = new HeldMedia(late);
    this.#blank = blank;
  }

  /** A packet before and after it was blanked. */
  hold(original: RtpPacket, blanked: RtpPacket, redBytes: number): void {
    const sequence = this.#locate(original.sequence);
    this.#blanked.hold(blanked, sequence, redBytes);
    this.#keep(this.#recovery.hold(original, sequence, redBytes));
  }

  /** @returns SN base, unwrapped; undefined before the first packet */
  take(fec: FecPacket): number | undefined {
    if (this.#highest === undefined) return undefined;
    const base = unwrapSequence(this.#highest, fec.base);
    this.#keep(this.#recovery.take(fec, base, this.ssrc));
    return base;
  }

  /** All that it protects is known, be it by what FEC rebuilt. */
  knows({ levels }: FecPacket, base: number): boolean {
    return levels.every(({ offsets }) => offsets.every((offset) => this.#blanked.has(base + offset)));
  }

  /** Some of what it protects is too old to become known. */
  hasForgotten({ levels }: FecPacket, base: number): boolean {
    return levels.some(({ offsets }) => base + (offsets[0] ?? 0) < this.#blanked.lowest);
  }

  /** Computes it anew, over the packets of the copy, in place: header fields and lengths are the same. */
  recompute({ levels }: FecPacket, base: number): void {
    for (const { offsets, from, bytes } of levels) {
      bytes.fill(0);
      for (const offset of offsets) this.#blanked.addOctets(base + offset, from, bytes);
    }
  }

  #keep(rebuilt: readonly RebuiltPacket[]): void {
    for (const { packet, sequence } of rebuilt) {
      const copy = parseRtpPacket(packet.bytes.slice());
      if (typeof copy === 'string') continue;
      this.#blank(copy);
      this.#blanked.hold(copy, sequence, 0);
    }
  }

  #locate(wire: number): number {
    const sequence = this.#highest === undefined ? wire : unwrapSequence(this.#highest, wire);
    if (this.#highest !== undefined && Math.abs(sequence - this.#highest) > MAX_DROPOUT) {
      this.#recovery.restart();
      this.#blanked.clear();
      this.#highest = wire;
      return wire;
    }
    this.#highest = Math.max(this.#highest ?? sequence, sequence);
    return sequence;
  }
}
