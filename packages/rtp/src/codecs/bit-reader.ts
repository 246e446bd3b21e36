/**
 * Bits of a header, most significant first, as AV1, VP9, H264 and VP8's uncompressed chunks all write them.
 *
 * Never throws: past the end every bit reads 0 and `overrun` stays true, so a parser reads its fields in a straight
 * line and asks once at the end whether they were really there.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #bits: number;
  #position = 0;
  #overrun = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#bits = bytes.length * 8;
  }

  /** Bits read so far, counted from the first byte. */
  get position(): number {
    return this.#position;
  }

  /** True once a read went past the end or an Exp-Golomb code was longer than 32 bits. */
  get overrun(): boolean {
    return this.#overrun;
  }

  get bitsLeft(): number {
    return Math.max(0, this.#bits - this.#position);
  }

  readBit(): 0 | 1 {
    const position = this.#position;
    if (position >= this.#bits) {
      this.#overrun = true;
      return 0;
    }
    this.#position = position + 1;
    const byte = this.#bytes[position >> 3] ?? 0;
    return ((byte >> (7 - (position & 7))) & 1) as 0 | 1;
  }

  readFlag(): boolean {
    return this.readBit() === 1;
  }

  /** Unsigned, `count` 0–32. */
  readBits(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      if (this.#position >= this.#bits) {
        this.#overrun = true;
        return value * 2 ** left;
      }
      const inByte = 8 - (this.#position & 7);
      const take = Math.min(left, inByte);
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      // A product, not a shift: 32 bits would turn negative.
      value = value * 2 ** take + ((byte >> (inByte - take)) & (0xff >> (8 - take)));
      this.#position += take;
      left -= take;
    }
    return value;
  }

  skipBits(count: number): void {
    const end = this.#position + count;
    if (end > this.#bits) this.#overrun = true;
    this.#position = Math.min(end, this.#bits);
  }

  /** ue(v), ITU-T H.264 §9.1: as many zeros as bits follow the one. 0 – 2^32−2. */
  readUnsignedExpGolomb(): number {
    let zeros = 0;
    while (this.readBit() === 0) {
      zeros += 1;
      if (zeros > 31 || this.#overrun) {
        this.#overrun = true;
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.readBits(zeros);
  }

  /** se(v), ITU-T H.264 §9.1.1: 0, 1, −1, 2, −2, … */
  readSignedExpGolomb(): number {
    const code = this.readUnsignedExpGolomb();
    const magnitude = Math.ceil(code / 2);
    return code % 2 === 1 ? magnitude : 0 - magnitude;
  }
}
