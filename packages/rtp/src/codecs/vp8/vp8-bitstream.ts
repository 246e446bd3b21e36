export interface Vp8FrameHeader {
  readonly keyFrame: boolean;
  /** Version 0–3: which reconstruction and loop filters are used. */
  readonly profile: number;
  /** False for a frame that is only referred to, such as an alternate reference. */
  readonly shown: boolean;
  /** Of this header, behind which the first partition begins. */
  readonly headerBytes: number;
  readonly firstPartitionBytes: number;
  /** Pixels; on key frames only. */
  readonly width: number;
  readonly height: number;
}

/** Bytes from the start of a frame that suffice for its header. */
export const VP8_HEADER_BYTES = 10;
/** The header of a frame that is no key frame. */
export const VP8_INTER_HEADER_BYTES = 3;

/**
 * The uncompressed data chunk that begins each frame (RFC 6386 §9.1), little-endian. Undefined where it is none that
 * decoders take, or where `frameBytes`, the size of the whole frame, cannot hold the first partition it announces.
 *
 *      0                   1                   2
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |size0|H| VER |P|     size1     |     size2     |   first partition: 19 bits · H shown · P = 0: key frame
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |      0x9d     |      0x01     |      0x2a     |   from here on key frames only
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | width 14 bits, scale 2 bits   | height, scale …
 */
export function readVp8FrameHeader(head: Uint8Array, frameBytes: number): Vp8FrameHeader | undefined {
  const [b0 = 0, b1 = 0, b2 = 0] = head;
  const keyFrame = (b0 & 1) === 0;
  const headerBytes = keyFrame ? VP8_HEADER_BYTES : VP8_INTER_HEADER_BYTES;
  if (head.length < headerBytes) return undefined;

  const profile = (b0 >> 1) & 7;
  const firstPartitionBytes = (b0 >> 5) | (b1 << 3) | (b2 << 11);
  if (profile > 3 || firstPartitionBytes === 0 || headerBytes + firstPartitionBytes > frameBytes)
    return undefined;

  const shown = (b0 & 0x10) !== 0;
  const known = { keyFrame, profile, shown, headerBytes, firstPartitionBytes };
  if (!keyFrame) return { ...known, width: 0, height: 0 };
  if (head[3] !== 0x9d || head[4] !== 0x01 || head[5] !== 0x2a) return undefined;
  // The two high bits ask the player to stretch the picture; the coded size does not change with them.
  const width = (head[6] ?? 0) | (((head[7] ?? 0) & 0x3f) << 8);
  const height = (head[8] ?? 0) | (((head[9] ?? 0) & 0x3f) << 8);
  return width === 0 || height === 0 ? undefined : { ...known, width, height };
}
