const MAX_BYTES = 8;

/**
 * leb128(), AV1 bitstream specification §4.10.5: seven bits a byte, lowest first, the top bit says that more follow.
 * Undefined where it is cut, longer than 8 bytes or above 2^32 − 1.
 */
export function readLeb128(bytes: Uint8Array, at: number): { value: number; length: number } | undefined {
  let value = 0;
  let unit = 1;
  for (let length = 1; length <= MAX_BYTES; length += 1) {
    const byte = bytes[at + length - 1];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * unit;
    if ((byte & 0x80) === 0) return value > 0xffff_ffff ? undefined : { value, length };
    unit *= 128;
  }
  return undefined;
}

/** The shortest form of 0 – 2^32 − 1, as bytes. */
export function leb128(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
  return bytes;
}
