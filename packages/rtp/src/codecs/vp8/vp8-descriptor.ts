/** The VP8 payload descriptor of one packet; an absent field is −1. Filled anew for each packet, never kept. */
export interface Vp8Descriptor {
  /** Bytes of the descriptor: the VP8 data follows. */
  size: number;
  /** N: no other frame refers to this one. */
  nonReference: boolean;
  /** S: the packet begins a partition. */
  partitionStart: boolean;
  partition: number;
  pictureId: number;
  /** 0x7f or 0x7fff: where the picture id wraps. */
  pictureIdMask: number;
  /** Counts base layer frames, modulo 256. */
  tl0PicIdx: number;
  /** Temporal layer, 0–3. */
  temporalId: number;
  /** Y: it refers to base layer frames only, so its layer can be joined here. */
  layerSync: boolean;
}

export function newVp8Descriptor(): Vp8Descriptor {
  return {
    size: 0,
    nonReference: false,
    partitionStart: false,
    partition: 0,
    pictureId: -1,
    pictureIdMask: 0,
    tl0PicIdx: -1,
    temporalId: -1,
    layerSync: false,
  };
}

/**
 * RFC 7741 §4.2. False where the payload ends inside the descriptor or nothing follows it.
 *
 *          0 1 2 3 4 5 6 7
 *         +-+-+-+-+-+-+-+-+
 *         |X|R|N|S|R| PID |
 *         +-+-+-+-+-+-+-+-+
 *     X:  |I|L|T|K|  RSV  |
 *         +-+-+-+-+-+-+-+-+
 *     I:  |M| PictureID   |   M: 15 bits, a second byte follows
 *         +-+-+-+-+-+-+-+-+
 *         |   PictureID   |
 *         +-+-+-+-+-+-+-+-+
 *     L:  |   TL0PICIDX   |
 *         +-+-+-+-+-+-+-+-+
 *     T/K:|TID|Y| KEYIDX  |
 *         +-+-+-+-+-+-+-+-+
 */
export function readVp8Descriptor(payload: Uint8Array, into: Vp8Descriptor): boolean {
  const first = payload[0] ?? 0;
  into.nonReference = (first & 0x20) !== 0;
  into.partitionStart = (first & 0x10) !== 0;
  into.partition = first & 7;
  into.pictureId = -1;
  into.tl0PicIdx = -1;
  into.temporalId = -1;
  into.layerSync = false;
  into.size = (first & 0x80) === 0 ? 1 : readExtension(payload, into);
  return into.size < payload.length;
}

function readExtension(payload: Uint8Array, into: Vp8Descriptor): number {
  const flags = payload[1] ?? 0;
  let position = 2;
  if ((flags & 0x80) !== 0) position = readPictureId(payload, position, into);
  const hasLayers = (flags & 0x20) !== 0;
  if ((flags & 0x40) !== 0) {
    // Without TID the index says nothing: the RFC allows it only together with T.
    if (hasLayers) into.tl0PicIdx = payload[position] ?? -1;
    position += 1;
  }
  if (hasLayers) {
    const layers = payload[position] ?? 0;
    into.temporalId = layers >> 6;
    into.layerSync = (layers & 0x20) !== 0;
  }
  return (flags & 0x30) === 0 ? position : position + 1;
}

function readPictureId(payload: Uint8Array, position: number, into: Vp8Descriptor): number {
  const high = payload[position] ?? 0;
  if ((high & 0x80) === 0) {
    into.pictureId = high;
    into.pictureIdMask = 0x7f;
    return position + 1;
  }
  into.pictureId = ((high & 0x7f) << 8) | (payload[position + 1] ?? 0);
  into.pictureIdMask = 0x7fff;
  return position + 2;
}
