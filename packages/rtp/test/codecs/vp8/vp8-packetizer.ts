import type { SentPacket } from '../packets.ts';

/** A frame as an encoder with temporal layers makes it. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly keyFrame: boolean;
  /** Absent: no temporal layers. */
  readonly temporalId?: number;
  readonly layerSync?: boolean;
  readonly nonReference?: boolean;
  readonly rtpTicks?: number;
}

export interface PacketizerOptions {
  readonly bytesPerPacket: number;
  /** 0: none in the descriptor. */
  readonly pictureIdBits: 0 | 7 | 15;
  readonly firstPictureId: number;
  readonly firstTl0PicIdx: number;
}

export const PLAIN: PacketizerOptions = {
  bytesPerPacket: 1000,
  pictureIdBits: 15,
  firstPictureId: 0x7ffe,
  firstTl0PicIdx: 254,
};

/** Bytes that begin as RFC 6386 §9.1 says, of `size` bytes (at least 11), filled with `seed`. */
export function vp8Frame(
  size: number,
  {
    keyFrame = false,
    width = 320,
    height = 240,
    seed = 0xa5,
  }: { keyFrame?: boolean; width?: number; height?: number; seed?: number } = {},
): Uint8Array {
  const bytes = new Uint8Array(size).fill(seed);
  const headerBytes = keyFrame ? 10 : 3;
  const tag = (keyFrame ? 0 : 1) | (1 << 4) | ((size - headerBytes) << 5);
  bytes.set([tag & 0xff, (tag >> 8) & 0xff, tag >> 16]);
  if (keyFrame) bytes.set([0x9d, 0x01, 0x2a, width & 0xff, width >> 8, height & 0xff, height >> 8], 3);
  return bytes;
}

/** RFC 7741 from the sender's side: one partition, ids counted, the marker on a frame's last packet. */
export function packetizeVp8(
  frames: readonly EncodedFrame[],
  options: Partial<PacketizerOptions> = {},
): SentPacket[][] {
  const { bytesPerPacket, pictureIdBits, firstPictureId, firstTl0PicIdx } = { ...PLAIN, ...options };
  let tl0 = firstTl0PicIdx - 1;
  return frames.map((frame, index) => {
    if (frame.temporalId === 0) tl0 += 1;
    const pictureId = pictureIdBits === 0 ? undefined : (firstPictureId + index) % 2 ** pictureIdBits;
    const packets: SentPacket[] = [];
    for (let from = 0; from < frame.bytes.length; from += bytesPerPacket) {
      const piece = frame.bytes.subarray(from, from + bytesPerPacket);
      packets.push({
        rtpTicks: frame.rtpTicks ?? index * 3000,
        marker: from + bytesPerPacket >= frame.bytes.length,
        payload: Uint8Array.from([
          ...descriptor(frame, from === 0, pictureId, pictureIdBits, tl0 & 0xff),
          ...piece,
        ]),
      });
    }
    return packets;
  });
}

function descriptor(
  { nonReference = false, temporalId, layerSync = false }: EncodedFrame,
  start: boolean,
  pictureId: number | undefined,
  pictureIdBits: number,
  tl0: number,
): number[] {
  const first = (nonReference ? 0x20 : 0) | (start ? 0x10 : 0);
  const flags = (pictureId === undefined ? 0 : 0x80) | (temporalId === undefined ? 0 : 0x60);
  if (flags === 0) return [first];
  const bytes = [0x80 | first, flags];
  if (pictureId !== undefined && pictureIdBits === 7) bytes.push(pictureId);
  if (pictureId !== undefined && pictureIdBits === 15) bytes.push(0x80 | (pictureId >> 8), pictureId & 0xff);
  if (temporalId !== undefined) bytes.push(tl0, (temporalId << 6) | (layerSync ? 0x20 : 0));
  return bytes;
}
