import type { SentPacket } from './packets.ts';

/** What a file's stream gives at a time, many times a packet. */
export const BUFFER_BYTES = 256 * 1024;

/** Bytes in memory that views keep alive: each buffer once. */
export function keptAlive(views: Iterable<Uint8Array>): number {
  const buffers = new Set([...views].map(({ buffer }) => buffer));
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The same bytes as a view on a buffer of its own, with much else around them. */
export function alone(bytes: Uint8Array): Uint8Array {
  const view = new Uint8Array(BUFFER_BYTES).subarray(1000, 1000 + bytes.length);
  view.set(bytes);
  return view;
}

/** The same packets as views on one buffer, one behind the other as in a dump. */
export function together(packets: readonly SentPacket[]): SentPacket[] {
  const size = packets.reduce((sum, { payload }) => sum + payload.length, 0);
  const all = new Uint8Array(size);
  let at = 0;
  return packets.map((packet) => {
    const payload = all.subarray(at, at + packet.payload.length);
    payload.set(packet.payload);
    at += payload.length;
    return { ...packet, payload };
  });
}
