import type { Random } from './random.ts';

/** Where parsers count wrongly: ends of ranges, signs, one above and below powers of two. */
const EDGES_8 = [
  0x00, 0x01, 0x03, 0x07, 0x08, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff,
];
const EDGES_16 = [0, 1, 7, 8, 9, 0x7f, 0x80, 0xff, 0x100, 0x400, 0x7fff, 0x8000, 0xfffe, 0xffff];
const EDGES_32 = [0, 1, 8, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff];

export type ByteMutator = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Changed in place where the length stays: callers hand over a copy. */
const inPlace: readonly ByteMutator[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.pick(EDGES_8);
    return bytes;
  },
  (bytes, random) => {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) + (random.oneIn(2) ? 1 : -1) * (1 + random.below(16));
    return bytes;
  },
  (bytes, random) => writeNumber(bytes, random, 2, random.pick(EDGES_16)),
  (bytes, random) => writeNumber(bytes, random, 4, random.pick(EDGES_32)),
  (bytes, random) => {
    const from = random.below(bytes.length);
    const length = 1 + random.below(Math.min(32, bytes.length - from));
    bytes.copyWithin(random.below(bytes.length), from, from + length);
    return bytes;
  },
  (bytes, random) => {
    const from = random.below(bytes.length);
    bytes.fill(random.pick(EDGES_8), from, from + 1 + random.below(16));
    return bytes;
  },
];

const changingLength: readonly ByteMutator[] = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => {
    const from = random.below(bytes.length);
    return without(bytes, from, from + 1 + random.below(Math.min(64, bytes.length - from)));
  },
  (bytes, random) => {
    const from = random.below(bytes.length);
    const piece = bytes.slice(from, from + 1 + random.below(64));
    return withInserted(bytes, random.below(bytes.length + 1), piece);
  },
  (bytes, random) => {
    const piece = new Uint8Array(1 + random.below(8));
    for (let at = 0; at < piece.length; at += 1) piece[at] = random.below(256);
    return withInserted(bytes, random.below(bytes.length + 1), piece);
  },
  (bytes, random, other) => {
    const cut = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, cut), other.subarray(random.below(other.length)));
  },
];

/** One to a handful of small changes, on a copy. */
export function mutateBytes(
  original: Uint8Array,
  random: Random,
  other: Uint8Array,
  words: readonly Uint8Array[],
): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(original);
  for (let left = 1 + random.below(1 << random.below(4)); left > 0; left -= 1) {
    if (bytes.length === 0) bytes = new Uint8Array([random.below(256)]);
    bytes = mutateOnce(bytes, random, other, words);
  }
  return bytes;
}

function mutateOnce(
  bytes: Uint8Array,
  random: Random,
  other: Uint8Array,
  words: readonly Uint8Array[],
): Uint8Array {
  if (words.length > 0 && random.oneIn(6)) return putWord(bytes, random, random.pick(words));
  const mutators = random.oneIn(3) ? changingLength : inPlace;
  return random.pick(mutators)(bytes, random, other);
}

function putWord(bytes: Uint8Array, random: Random, word: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  if (random.oneIn(2)) return withInserted(bytes, at, word);
  const fitting = word.subarray(0, bytes.length - at);
  bytes.set(fitting, at);
  return bytes;
}

function writeNumber(bytes: Uint8Array, random: Random, size: 2 | 4, value: number): Uint8Array {
  if (bytes.length < size) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = random.below(bytes.length - size + 1);
  const littleEndian = random.oneIn(2);
  if (size === 2) view.setUint16(at, value, littleEndian);
  else view.setUint32(at, value, littleEndian);
  return bytes;
}

function without(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function withInserted(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
}

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
