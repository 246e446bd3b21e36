/**
 * Variable-size integers (RFC 8794 §4): the position of the first set bit tells how many octets there are.
 *
 *     1xxx xxxx                                  0 … 2^7 − 2
 *     01xx xxxx  xxxx xxxx                       … 2^14 − 2
 *     001x xxxx  xxxx xxxx  xxxx xxxx            … 2^21 − 2
 *       ⋮
 *     0000 0001  xxxx xxxx × 7                   … 2^56 − 2
 *
 * A size whose data bits are all ones means "unknown" (§6.2), which is why each width ends one short.
 * Numbers here stop at 2^53 − 1, far above any file; shifts work on 32 bits only, so division it is.
 */

const POWER_7 = [1, 2 ** 7, 2 ** 14, 2 ** 21, 2 ** 28, 2 ** 35, 2 ** 42, 2 ** 49, 2 ** 56];

/** Octets that `size` needs at least. */
export function sizeLength(size: number): number {
  if (!(Number.isSafeInteger(size) && size >= 0)) throw new RangeError(`no element size: ${size}`);
  if (size < 0x7f) return 1;
  if (size < 0x3fff) return 2;
  if (size < 0x1fffff) return 3;
  let width = 4;
  while (size > (POWER_7[width] as number) - 2) width++;
  return width;
}

/** Writes `size` over `width` octets, by default as few as hold it; returns the position after it. */
export function putSize(into: Uint8Array, position: number, size: number, width = sizeLength(size)): number {
  if (size > (POWER_7[width] as number) - 2) {
    throw new RangeError(`size ${size} does not fit into ${width} octets`);
  }
  putBigEndian(into, position, size, width);
  into[position] = (into[position] as number) | (0x80 >> (width - 1));
  return position + width;
}

/** The reserved size that says: until the next element that cannot be inside (RFC 8794 §6.2). Eight octets. */
export const UNKNOWN_SIZE: Readonly<Uint8Array> = Uint8Array.of(
  0x01,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
);

/** Octets of an id; its own first bit says so. */
export function idLength(id: number): number {
  if (id < 0x100) return 1;
  if (id < 0x10000) return 2;
  return id < 0x1000000 ? 3 : 4;
}

/** Returns the position after the id. */
export function putId(into: Uint8Array, position: number, id: number): number {
  const length = idLength(id);
  putBigEndian(into, position, id, length);
  return position + length;
}

/** The low `8 × width` bits of a whole number that is not negative. */
export function putBigEndian(into: Uint8Array, position: number, value: number, width: number): void {
  let rest = value;
  for (let at = position + width - 1; at >= position; at--) {
    into[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
