import type { CodedFrame, VideoParameters } from '@rawreel/rtp';

/** Signature, version 1, video only, length of this header, size of no tag before. */
const HEAD = Uint8Array.of(0x46, 0x4c, 0x56, 0x01, 0x01, 0, 0, 0, 9, 0, 0, 0, 0);

const VIDEO_TAG = 9;
const TAG_HEADER_BYTES = 11;
const AVC = 7;
const KEY_FRAME = 1 << 4;
const INTER_FRAME = 2 << 4;
const SEQUENCE_HEADER = 0;
const NAL_UNITS = 1;

/** Frames that are decoded behind one that is shown later have times of decoding below their own, none before zero. */
export const FLV_LEAD_MS = 1000;

/**
 * H264 in FLV (Adobe Flash Video File Format 10.1, annex E), whose frames have their NAL units behind lengths and their
 * parameter sets in an avcC, as the depacketizer gives them out:
 *
 *     | 9 | size 24 | time 24, 8 | 0 24 | frame type, codec | what it is | composition time 24 | data | size of the tag 32 |
 */
export class FlvStream {
  #avcC: Uint8Array | undefined;
  #lastMs = -1;

  head(): Uint8Array {
    return HEAD;
  }

  /** Decoded in the order given, shown `FLV_LEAD_MS` later than at `atMs`. */
  frame({ chunks, byteLength, keyFrame, parameters }: CodedFrame, atMs: number): Uint8Array[] {
    const { codecPrivate } = parameters as VideoParameters;
    this.#lastMs = Math.max(this.#lastMs + 1, Math.round(atMs));
    const shownMs = Math.max(this.#lastMs, Math.round(atMs) + FLV_LEAD_MS);
    const sets =
      codecPrivate === undefined || codecPrivate === this.#avcC
        ? []
        : tag(KEY_FRAME, SEQUENCE_HEADER, this.#lastMs, [codecPrivate], codecPrivate.length);
    this.#avcC = codecPrivate;
    const type = keyFrame ? KEY_FRAME : INTER_FRAME;
    return [...sets, ...tag(type, NAL_UNITS, this.#lastMs, chunks, byteLength, shownMs - this.#lastMs)];
  }
}

function tag(
  frameType: number,
  what: number,
  atMs: number,
  data: readonly Uint8Array[],
  byteLength: number,
  compositionMs = 0,
): Uint8Array[] {
  const size = 5 + byteLength;
  const head = Buffer.alloc(TAG_HEADER_BYTES + 5);
  head.writeUInt8(VIDEO_TAG);
  head.writeUIntBE(size, 1, 3);
  head.writeUIntBE(atMs & 0xff_ff_ff, 4, 3);
  head.writeUInt8(atMs >>> 24, 7);
  head.writeUInt8(frameType | AVC, TAG_HEADER_BYTES);
  head.writeUInt8(what, TAG_HEADER_BYTES + 1);
  head.writeIntBE(compositionMs, TAG_HEADER_BYTES + 2, 3);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(TAG_HEADER_BYTES + size);
  return [head, ...data, end];
}
