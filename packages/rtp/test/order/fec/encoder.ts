import { parseUnmultiplexed, type RtpPacket } from '../../../src/packet/rtp-packet.ts';

/** The parts of an FEC header that are XORs, written as plainly as can be. */
function headerOf(packets: readonly Uint8Array[]) {
  const xor = (of: (bytes: Uint8Array) => number) => packets.reduce((sum, bytes) => sum ^ of(bytes), 0);
  return {
    first: xor((bytes) => (bytes[0] ?? 0) & 0x3f),
    second: xor((bytes) => bytes[1] ?? 0),
    timestamp: [4, 5, 6, 7].map((at) => xor((bytes) => bytes[at] ?? 0)),
    length: u16(xor((bytes) => bytes.length - 12)),
  };
}

const octetsOf = (packets: readonly Uint8Array[], from: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) =>
    packets.reduce((sum, bytes) => sum ^ (bytes[12 + from + at] ?? 0), 0),
  );

const longest = (packets: readonly Uint8Array[]): number =>
  packets.reduce((most, { length }) => Math.max(most, length - 12), 0);

const sequenceOf = (bytes: Uint8Array): number => ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);

/** Octets of a mask, the leftmost bit first. */
function maskOf(offsets: readonly number[], size: number): number[] {
  const octets = new Array<number>(size).fill(0);
  for (const offset of offsets) octets[offset >> 3] = (octets[offset >> 3] ?? 0) | (0x80 >> (offset & 7));
  return octets;
}

const offsetsFrom = (base: number, packets: readonly Uint8Array[]): number[] =>
  packets.map((bytes) => (sequenceOf(bytes) - base) & 0xffff);

/** ULPFEC with one level for each group; `lengths` of protection, the last one reaching to the end unless given. */
export function ulpfec(
  base: number,
  levels: readonly { readonly packets: readonly Uint8Array[]; readonly length?: number }[],
): number[] {
  const { first, second, timestamp, length } = headerOf(levels[0]?.packets ?? []);
  const isLong = levels.some(({ packets }) => offsetsFrom(base, packets).some((offset) => offset > 15));
  const octets = [first | (isLong ? 0x40 : 0), second, ...u16(base), ...timestamp, ...length];
  let from = 0;
  for (const { packets, length: count = longest(packets) - from } of levels) {
    octets.push(...u16(count), ...maskOf(offsetsFrom(base, packets), isLong ? 6 : 2));
    octets.push(...octetsOf(packets, from, count));
    from += count;
  }
  return octets;
}

/** FlexFEC of the draft's third version; a k that is set ends the mask. */
export function flexfec03(ssrc: number, base: number, packets: readonly Uint8Array[]): number[] {
  const { first, second, timestamp, length } = headerOf(packets);
  const mask = kMask(offsetsFrom(base, packets), [15, 31, 63], true);
  const source = [ssrc >>> 24, (ssrc >>> 16) & 255, (ssrc >>> 8) & 255, ssrc & 255];
  const head = [first, second, ...length, ...timestamp, 1, 0, 0, 0, ...source, ...u16(base), ...mask];
  return [...head, ...octetsOf(packets, 0, longest(packets))];
}

/** FlexFEC of RFC 8627; a k that is set goes on with the mask. Its source is in the packet's CSRC list. */
export function flexfec(base: number, packets: readonly Uint8Array[]): number[] {
  const { first, second, timestamp, length } = headerOf(packets);
  const mask = kMask(offsetsFrom(base, packets), [15, 31, 64], false);
  return [
    first,
    second,
    ...length,
    ...timestamp,
    ...u16(base),
    ...mask,
    ...octetsOf(packets, 0, longest(packets)),
  ];
}

function kMask(offsets: readonly number[], sizes: readonly number[], endsWithK: boolean): number[] {
  const octets: number[] = [];
  let first = 0;
  for (const bits of sizes) {
    const isLast = offsets.every((offset) => offset < first + bits);
    const k = bits % 2 === 0 ? 0 : 1;
    const own = offsets.filter((offset) => offset >= first && offset < first + bits);
    const part = maskOf(
      own.map((offset) => offset - first + k),
      (bits + k) / 8,
    );
    if (k === 1 && isLast === endsWithK) part[0] = (part[0] ?? 0) | 0x80;
    octets.push(...part);
    if (isLast) break;
    first += bits;
  }
  return octets;
}

export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

/** A packet that must be one. */
export function packetIn(bytes: Uint8Array): RtpPacket {
  const packet = parseUnmultiplexed(bytes);
  if (typeof packet === 'string') throw new Error(packet);
  return packet;
}
