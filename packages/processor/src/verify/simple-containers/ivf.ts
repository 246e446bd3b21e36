import type { CodedFrame, VideoParameters } from '@rawreel/rtp';

const FOURCC = { vp8: 'VP80', vp9: 'VP90', av1: 'AV01' } as const;

export type IvfCodec = keyof typeof FOURCC;

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

/** OBU_TEMPORAL_DELIMITER with a size of 0 (AV1 bitstream specification §5.6), which IVF wants and Matroska does not. */
const TEMPORAL_DELIMITER = Uint8Array.of(0x12, 0x00);

/**
 * IVF, all numbers little-endian:
 *
 *     | DKIF | version 16 | header length 16 | fourcc 32 | width 16 | height 16 | rate 32 | scale 32 | frames 32 | 32 |
 *     | length 32 | time 64 | frame |  …
 */
export class IvfStream {
  readonly #codec: IvfCodec;
  #lastMs = -1;

  constructor(codec: IvfCodec) {
    this.#codec = codec;
  }

  head({ width, height }: VideoParameters): Uint8Array {
    const head = Buffer.alloc(HEADER_BYTES);
    head.write('DKIF');
    head.writeUInt16LE(HEADER_BYTES, 6);
    head.write(FOURCC[this.#codec], 8);
    head.writeUInt16LE(width, 12);
    head.writeUInt16LE(height, 14);
    head.writeUInt32LE(1000, 16);
    head.writeUInt32LE(1, 20);
    return head;
  }

  frame({ chunks, byteLength }: CodedFrame, atMs: number): Uint8Array[] {
    const before = this.#codec === 'av1' ? [TEMPORAL_DELIMITER] : [];
    const head = Buffer.alloc(FRAME_HEADER_BYTES);
    head.writeUInt32LE(byteLength + before.reduce((sum, { length }) => sum + length, 0));
    this.#lastMs = Math.max(this.#lastMs + 1, Math.round(atMs));
    head.writeBigUInt64LE(BigInt(this.#lastMs), 4);
    return [head, ...before, ...chunks];
  }
}
