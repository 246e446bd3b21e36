import { idLength, putBigEndian, putId, putSize, sizeLength } from './vint.ts';

/** An element that holds a value. */
interface Leaf {
  readonly id: number;
  readonly payload: Uint8Array;
}

/** An element that holds elements; what is undefined is left out, so that a tree can be written as one literal. */
interface Master {
  readonly id: number;
  readonly children: readonly (EbmlElement | undefined)[];
}

export type EbmlElement = Leaf | Master;

/** RFC 8794 §7.7 */
export function master(id: number, children: readonly (EbmlElement | undefined)[]): EbmlElement {
  return { id, children };
}

/**
 * Unsigned integer (RFC 8794 §7.2) in as few octets as hold it, or in `width` where it will be overwritten later.
 * Zero takes one octet: some readers trip over empty integers.
 */
export function uint(id: number, value: number, width?: number): EbmlElement {
  if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`no unsigned integer: ${value}`);
  let least = 1;
  while (value >= 2 ** (8 * least)) least++;
  if (width !== undefined && width < least)
    throw new RangeError(`${value} does not fit into ${width} octets`);
  const payload = new Uint8Array(width ?? least);
  putBigEndian(payload, 0, value, payload.length);
  return { id, payload };
}

/** Signed integer, two's complement (RFC 8794 §7.1). */
export function int(id: number, value: number | bigint): EbmlElement {
  const whole = BigInt(value);
  let width = 1;
  while (BigInt.asIntN(8 * width, whole) !== whole) {
    width++;
    if (width > 8) throw new RangeError(`no signed integer of 64 bits: ${whole}`);
  }
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigInt64(0, whole);
  return { id, payload: eight.subarray(8 - width) };
}

/** Float (RFC 8794 §7.3) in four octets where they hold it exactly, else in eight. */
export function float(
  id: number,
  value: number,
  width: 4 | 8 = Math.fround(value) === value ? 4 : 8,
): EbmlElement {
  const payload = new Uint8Array(width);
  const view = new DataView(payload.buffer);
  if (width === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return { id, payload };
}

const encoder = new TextEncoder();

/**
 * UTF-8 string (RFC 8794 §7.5). A NUL would end it for every reader (§13), so it becomes U+FFFD like any
 * other character that cannot be kept: what follows it is not lost.
 */
export function utf8(id: number, value: string): EbmlElement {
  return { id, payload: encoder.encode(value.replaceAll('\0', '\uFFFD')) };
}

/** 2001-01-01T00:00:00Z in unix ms: where EBML dates begin. */
const DATE_EPOCH_MS = Date.UTC(2001, 0, 1);

/** Date (RFC 8794 §7.6): nanoseconds since 2001 as eight octets, signed. `unixMs` may have a fraction. */
export function date(id: number, unixMs: number): EbmlElement {
  const payload = new Uint8Array(8);
  const whole = Math.floor(unixMs);
  const nanoseconds = BigInt(whole - DATE_EPOCH_MS) * 1_000_000n + BigInt(Math.round((unixMs - whole) * 1e6));
  new DataView(payload.buffer).setBigInt64(0, nanoseconds);
  return { id, payload };
}

/** RFC 8794 §7.8 */
export function binary(id: number, payload: Uint8Array): EbmlElement {
  return { id, payload };
}

/** The id's own octets as a value, for SeekID. */
export function idAsBinary(id: number, value: number): EbmlElement {
  const payload = new Uint8Array(idLength(value));
  putId(payload, 0, value);
  return { id, payload };
}

/** An element of exactly `total` octets, header included, that says nothing (RFC 8794 §11.3.2). */
export function voidOf(id: number, total: number): EbmlElement {
  // One octet of id and one of size, as long as the rest stays under what one octet of size can say.
  if (total < 2 || total > 128) throw new RangeError(`no void of ${total} octets`);
  return { id, payload: new Uint8Array(total - 2) };
}

/** Octets of the whole element, header included. */
export function byteLengthOf(element: EbmlElement): number {
  const content = contentLength(element);
  return idLength(element.id) + sizeLength(content) + content;
}

export function encode(element: EbmlElement): Uint8Array {
  const bytes = new Uint8Array(byteLengthOf(element));
  put(bytes, 0, element);
  return bytes;
}

/** Returns the position after the element. */
export function put(into: Uint8Array, position: number, element: EbmlElement): number {
  let at = putId(into, position, element.id);
  at = putSize(into, at, contentLength(element));
  if ('payload' in element) {
    into.set(element.payload, at);
    return at + element.payload.length;
  }
  for (const child of element.children) {
    if (child !== undefined) at = put(into, at, child);
  }
  return at;
}

// Measured anew at every level: trees here are five levels deep at most, and a memo would cost more than it saves.
function contentLength(element: EbmlElement): number {
  if ('payload' in element) return element.payload.length;
  let sum = 0;
  for (const child of element.children) {
    if (child !== undefined) sum += byteLengthOf(child);
  }
  return sum;
}
