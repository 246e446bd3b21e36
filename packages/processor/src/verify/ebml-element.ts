import { ContainerFault } from './walked-file.ts';

/** An id of up to four octets and a size of up to eight (RFC 8794 §5, §6). */
export const MAX_HEAD_LENGTH = 12;

export interface ElementHead {
  readonly id: number;
  /** Of the content; undefined for unknown (RFC 8794 §6.2). */
  readonly size: number | undefined;
  /** Octets of id and size. */
  readonly length: number;
}

interface Vint {
  /** Without the marker. */
  readonly value: number;
  readonly length: number;
  readonly isAllOnes: boolean;
}

/**
 * A variable-size integer (RFC 8794 §4): as many leading zeros as octets follow the first, a marker bit, the value.
 *
 * @returns undefined where there is none or it is cut.
 */
export function vintAt(bytes: Uint8Array, at: number): Vint | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0) return undefined;
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) return undefined;
  let value = first & (0xff >> length);
  let isAllOnes = value === 0xff >> length;
  for (let index = at + 1; index < at + length; index++) {
    const octet = bytes[index] as number;
    value = value * 256 + octet;
    isAllOnes &&= octet === 0xff;
  }
  return { value, length, isAllOnes };
}

/** @returns undefined where no head can be read. */
export function headAt(bytes: Uint8Array, at: number): ElementHead | undefined {
  const id = vintAt(bytes, at);
  if (id === undefined || id.length > 4) return undefined;
  const size = vintAt(bytes, at + id.length);
  if (size === undefined) return undefined;
  return {
    // Ids are written with their marker.
    id: id.value + 2 ** (7 * id.length),
    size: size.isAllOnes ? undefined : size.value,
    length: id.length + size.length,
  };
}

export interface Element {
  readonly id: number;
  readonly content: Buffer;
}

/** The elements in the content of a master element. @throws {ContainerFault} */
export function* childrenOf(content: Buffer, parent: string): Generator<Element> {
  for (let at = 0; at < content.length; ) {
    const head = headAt(content, at);
    if (head?.size === undefined) throw new ContainerFault(`${parent} holds what is no element`);
    const from = at + head.length;
    at = from + head.size;
    if (at > content.length) throw new ContainerFault(`an element in ${parent} reaches beyond it`);
    yield { id: head.id, content: content.subarray(from, at) };
  }
}

/** Big-endian, of 0 to 8 octets (RFC 8794 §7.2). */
export function uintOf(content: Uint8Array): number {
  let value = 0;
  for (const octet of content.subarray(0, 8)) value = value * 256 + octet;
  return value;
}

/** 4 or 8 octets (RFC 8794 §7.3); NaN otherwise. */
export function floatOf(content: Buffer): number {
  if (content.length === 4) return content.readFloatBE();
  return content.length === 8 ? content.readDoubleBE() : Number.NaN;
}
