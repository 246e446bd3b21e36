import { readPadding, readSize } from './opus-packet.ts';

/** First configuration that is CELT only, which has no such flags (RFC 6716 §3.1, table 2). */
const CELT_ONLY = 16;

/**
 * Whether the encoder took any of a packet for voice: the VAD flags of its LP layer, the very first bits of each frame,
 * which need no decoder (RFC 6716 §4.2.3). Undefined where there is no LP layer (CELT only) or no packet. A frame without
 * bytes (DTX) is not voice.
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |V|V|V|L|V|V|V|L|   60 ms, stereo: a V for each 20 ms of mid, L (LBRR), the same for side
 *     +-+-+-+-+-+-+-+-+
 */
export function opusVoice(packet: Uint8Array): boolean | undefined {
  const toc = packet[0];
  if (toc === undefined || toc >> 3 >= CELT_ONLY) return undefined;
  const mask = voiceMask(toc);
  // One frame, as nearly all packets have it, needs no list.
  if ((toc & 3) === 0) return packet.length > 1 && ((packet[1] ?? 0) & mask) !== 0;
  return frameStarts(packet, toc & 3).some((start) => ((packet[start] ?? 0) & mask) !== 0);
}

/** Where the frames of a packet begin that have bytes. */
export const opusFrameStarts = (packet: Uint8Array): number[] =>
  packet.length === 0 ? [] : frameStarts(packet, (packet[0] ?? 0) & 3);

export function voiceMask(toc: number): number {
  const config = toc >> 3;
  // Hybrid frames are of 10 or 20 ms, SILK frames of 10, 20, 40 or 60.
  const flags = config < 12 ? Math.max(1, config % 4) : 1;
  const channel = (2 ** flags - 1) << 1;
  const mid = channel << (7 - flags);
  const isStereo = (toc & 4) !== 0;
  return isStereo ? mid | (mid >> (flags + 1)) : mid;
}

/** Where the frames that have bytes begin; of a packet that breaks a rule, those before the place. */
function frameStarts(packet: Uint8Array, code: number): number[] {
  if (code === 0) return startsOf(1, [packet.length - 1]);
  if (code === 1) return startsOf(1, [(packet.length - 1) / 2, (packet.length - 1) / 2]);
  if (code === 2) {
    const size = readSize(packet, 1, packet.length);
    if (size === undefined) return [];
    return startsOf(size.next, [size.bytes, packet.length - size.next - size.bytes]);
  }
  return countedStarts(packet);
}

/** Code 3 (RFC 6716 §3.2.5). */
function countedStarts(packet: Uint8Array): number[] {
  const head = packet[1];
  if (head === undefined) return [];
  const count = head & 63;
  const padding = (head & 0x40) === 0 ? { bytes: 0, next: 2 } : readPadding(packet, 2);
  if (padding === undefined) return [];
  const end = packet.length - padding.bytes;
  if ((head & 0x80) === 0) return startsOf(padding.next, Array(count).fill((end - padding.next) / count));
  const sizes: number[] = [];
  let position = padding.next;
  for (let frame = 1; frame < count; frame += 1) {
    const size = readSize(packet, position, end);
    if (size === undefined) return [];
    position = size.next;
    sizes.push(size.bytes);
  }
  const last = end - position - sizes.reduce((sum, bytes) => sum + bytes, 0);
  return startsOf(position, [...sizes, last]);
}

function startsOf(first: number, sizes: readonly number[]): number[] {
  const starts: number[] = [];
  let position = first;
  for (const bytes of sizes) {
    if (bytes > 0) starts.push(position);
    position += bytes;
  }
  return starts;
}
