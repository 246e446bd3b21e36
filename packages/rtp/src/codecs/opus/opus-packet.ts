/** Ticks of the 48 kHz clock on which Opus in RTP counts, whatever rate was coded (RFC 7587 §4.1). */
const TICKS_PER_MS = 48;
const MAX_PACKET_TICKS = 120 * TICKS_PER_MS;
const MAX_FRAME_BYTES = 1275;

const SILK_TICKS = [10, 20, 40, 60].map((ms) => ms * TICKS_PER_MS);
const HYBRID_TICKS = [10, 20].map((ms) => ms * TICKS_PER_MS);
const CELT_TICKS = [2.5, 5, 10, 20].map((ms) => ms * TICKS_PER_MS);

/** By configuration number 0–31 (RFC 6716 §3.1, table 2). */
const FRAME_TICKS: readonly number[] = Array.from({ length: 32 }, (_, config) => {
  if (config < 12) return SILK_TICKS[config % 4] ?? 0;
  if (config < 16) return HYBRID_TICKS[config % 2] ?? 0;
  return CELT_TICKS[config % 4] ?? 0;
});

/** Samples at 48 kHz of one frame of a packet with this TOC byte: 120 – 2,880. */
export function opusFrameTicks(toc: number): number {
  return FRAME_TICKS[(toc >> 3) & 31] ?? 0;
}

/** The stereo bit of the TOC byte. */
export function opusChannels(toc: number): 1 | 2 {
  return (toc & 4) === 0 ? 1 : 2;
}

/**
 * Samples per channel at 48 kHz that a packet decodes to, 120 – 5,760; undefined where it breaks one of the rules
 * R1–R7 that a decoder refuses it for (RFC 6716 §3.4).
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     | config  |s| c |   c = 0: one frame · 1: two of one size · 2: two of two sizes · 3: a count follows
 *     +-+-+-+-+-+-+-+-+
 */
export function opusDurationTicks(packet: Uint8Array): number | undefined {
  const toc = packet[0];
  if (toc === undefined) return undefined;
  const ticks = opusFrameTicks(toc);
  switch (toc & 3) {
    case 0:
      return packet.length - 1 <= MAX_FRAME_BYTES ? ticks : undefined;
    case 1:
      return fitsEqually(packet.length - 1, 2) ? 2 * ticks : undefined;
    case 2:
      return fitsTwoSizes(packet) ? 2 * ticks : undefined;
    default:
      return countedTicks(packet, ticks);
  }
}

function fitsEqually(bytes: number, frames: number): boolean {
  return bytes >= 0 && bytes % frames === 0 && bytes / frames <= MAX_FRAME_BYTES;
}

function fitsTwoSizes(packet: Uint8Array): boolean {
  const size = readSize(packet, 1, packet.length);
  if (size === undefined) return false;
  const second = packet.length - size.next - size.bytes;
  return second >= 0 && second <= MAX_FRAME_BYTES;
}

/**
 * Code 3 (RFC 6716 §3.2.5).
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |v|p|     M     |   padding length if p · M−1 sizes if v · M frames · padding
 *     +-+-+-+-+-+-+-+-+
 */
function countedTicks(packet: Uint8Array, frameTicks: number): number | undefined {
  const head = packet[1];
  if (head === undefined) return undefined;
  const count = head & 63;
  const ticks = count * frameTicks;
  if (count === 0 || ticks > MAX_PACKET_TICKS) return undefined;

  let position = 2;
  let end = packet.length;
  if ((head & 0x40) !== 0) {
    const padding = readPadding(packet, position);
    if (padding === undefined) return undefined;
    position = padding.next;
    end -= padding.bytes;
  }
  const fits =
    (head & 0x80) === 0 ? fitsEqually(end - position, count) : fitsSizes(packet, position, end, count);
  return fits ? ticks : undefined;
}

function fitsSizes(packet: Uint8Array, start: number, end: number, count: number): boolean {
  let position = start;
  let sum = 0;
  for (let frame = 1; frame < count; frame += 1) {
    const size = readSize(packet, position, end);
    if (size === undefined) return false;
    position = size.next;
    sum += size.bytes;
  }
  const last = end - position - sum;
  return last >= 0 && last <= MAX_FRAME_BYTES;
}

export interface Length {
  readonly bytes: number;
  readonly next: number;
}

/** One or two bytes, 0 – 1,275 (RFC 6716 §3.2.1). */
export function readSize(packet: Uint8Array, position: number, end: number): Length | undefined {
  const first = packet[position];
  if (first === undefined || position >= end) return undefined;
  if (first < 252) return { bytes: first, next: position + 1 };
  const second = packet[position + 1];
  if (second === undefined || position + 1 >= end) return undefined;
  return { bytes: second * 4 + first, next: position + 2 };
}

/** 255 stands for 254 bytes and one more length byte (RFC 6716 §3.2.5). */
export function readPadding(packet: Uint8Array, start: number): Length | undefined {
  let bytes = 0;
  for (let position = start; position < packet.length; position += 1) {
    const value = packet[position] ?? 0;
    if (value < 255) return { bytes: bytes + value, next: position + 1 };
    bytes += 254;
  }
  return undefined;
}
