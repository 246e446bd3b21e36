/** The boolean entropy decoder (RFC 6386 §7.3), for values whose two cases are equally likely. Behind the end it reads zeros. */
export class BoolDecoder {
  readonly #bytes: Uint8Array;
  #at = 2;
  #value: number;
  #range = 255;
  #shifts = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#value = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  }

  /** Bytes that what was read depends on. */
  get bytesRead(): number {
    return this.#at;
  }

  /** `L(1)` */
  flag(): boolean {
    // The probability is 128 of 256.
    const split = 1 + (((this.#range - 1) * 128) >> 8);
    const isSet = this.#value >= split << 8;
    if (isSet) {
      this.#range -= split;
      this.#value -= split << 8;
    } else {
      this.#range = split;
    }
    while (this.#range < 128) this.#shift();
    return isSet;
  }

  /** `L(bits)`: the most significant first. */
  literal(bits: number): number {
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1) value = (value << 1) | Number(this.flag());
    return value;
  }

  #shift(): void {
    this.#range <<= 1;
    this.#value <<= 1;
    this.#shifts += 1;
    if (this.#shifts < 8) return;
    this.#shifts = 0;
    this.#value |= this.#bytes[this.#at] ?? 0;
    this.#at += 1;
  }
}
