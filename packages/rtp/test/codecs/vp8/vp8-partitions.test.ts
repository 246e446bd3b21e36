import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoolDecoder } from '../../../src/codecs/vp8/bool-decoder.ts';
import { readVp8FrameHeader } from '../../../src/codecs/vp8/vp8-bitstream.ts';
import { holdsItsPartitions } from '../../../src/codecs/vp8/vp8-partitions.ts';

/** RFC 6386 §7.3 from the encoder's side, by exact arithmetic: the number that lies in every interval that was chosen. */
function encodeBools(bits: readonly number[]): Uint8Array {
  let low = 0n;
  let range = 255n;
  let scale = 8n;
  for (const bit of bits) {
    const split = 1n + (((range - 1n) * 128n) >> 8n);
    if (bit === 1) {
      low += split;
      range -= split;
    } else {
      range = split;
    }
    while (range < 128n) {
      range <<= 1n;
      low <<= 1n;
      scale += 1n;
    }
  }
  const spare = (8n - (scale % 8n)) % 8n;
  const bytes = (low << spare).toString(16).padStart(Number((scale + spare) / 4n), '0');
  return Uint8Array.from(Buffer.from(bytes, 'hex'));
}

const literal = (value: number, bits: number): number[] =>
  Array.from({ length: bits }, (_, index) => (value >> (bits - 1 - index)) & 1);

interface Frame {
  readonly keyFrame: boolean;
  readonly log2Partitions: number;
  readonly sizes: readonly number[];
  readonly lastBytes: number;
  /** Everything optional is there. */
  readonly isFull?: boolean;
}

/** A frame whose first partition ends behind the number of partitions, which is all that is looked at. */
function frameOf({ keyFrame, log2Partitions, sizes, lastBytes, isFull = false }: Frame): Uint8Array {
  const optional = (bits: number): number[] => [1, ...literal(0x155 & (2 ** bits - 1), bits)];
  const segmentation = isFull
    ? [1, 1, 1, 1, ...Array.from({ length: 4 }, () => optional(8)).flat()].concat(
        Array.from({ length: 4 }, () => optional(7)).flat(),
        Array.from({ length: 3 }, () => optional(8)).flat(),
      )
    : [0];
  const adjustments = isFull ? [1, 1, ...Array.from({ length: 8 }, () => optional(7)).flat()] : [0];
  const bits = [
    ...(keyFrame ? [0, 1] : []),
    ...segmentation,
    ...[0, ...literal(21, 6), ...literal(3, 3)],
    ...adjustments,
    ...literal(log2Partitions, 2),
  ];
  const first = encodeBools([...bits, ...literal(0, 24)]);
  const tag = (keyFrame ? 0 : 1) | (1 << 4) | (first.length << 5);
  const head = [tag & 0xff, (tag >> 8) & 0xff, tag >> 16];
  // Start code, 640 × 360.
  if (keyFrame) head.push(0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01);
  const table = sizes.flatMap((size) => [size & 0xff, (size >> 8) & 0xff, size >> 16]);
  return Uint8Array.from([...head, ...first, ...table, ...new Uint8Array(lastBytes)]);
}

function holds(bytes: Uint8Array, chunks: readonly Uint8Array[] = [bytes]): boolean {
  const header = readVp8FrameHeader(bytes.subarray(0, 10), bytes.length);
  if (header === undefined) throw new RangeError('no VP8 frame');
  return holdsItsPartitions(chunks, header);
}

describe('vp8 · bool decoder', () => {
  it('reads what the encoder of RFC 6386 §7.3 has written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { maxLength: 300 }), (bits) => {
        const decoder = new BoolDecoder(encodeBools(bits));
        expect(bits.map(() => Number(decoder.flag()))).toEqual(bits);
      }),
    );
  });
});

describe('vp8 · partitions', () => {
  const one = { log2Partitions: 0, sizes: [], lastBytes: 0 };
  const eight = { log2Partitions: 3, sizes: [100, 0, 7, 1, 2, 3, 4], lastBytes: 118 };
  const byItself = { keyFrame: true, isFull: false };

  it.each([
    ['one partition needs no table', { ...byItself, ...one }],
    ['one partition, of an inter frame', { ...byItself, ...one, keyFrame: false }],
    ['eight of them, the last of one byte', { ...byItself, ...eight }],
    ['eight, with every optional field of the header', { ...eight, keyFrame: true, isFull: true }],
    ['eight, of an inter frame with every optional field', { ...eight, keyFrame: false, isFull: true }],
    ['two, the last of no byte', { ...byItself, log2Partitions: 1, sizes: [50], lastBytes: 50 }],
  ])('takes a frame that holds its own: %s (invented)', (_, frame) => {
    expect(holds(frameOf(frame))).toBe(true);
  });

  it.each([
    [
      'two, the first longer than what is left',
      { ...byItself, log2Partitions: 1, sizes: [51], lastBytes: 50 },
    ],
    ['four, with a table that is cut', { ...byItself, log2Partitions: 2, sizes: [0, 0], lastBytes: 2 }],
    ['eight, whose sum is a byte too long', { ...eight, keyFrame: false, isFull: true, lastBytes: 116 }],
  ])('finds a frame that does not: %s (invented)', (_, frame) => {
    expect(holds(frameOf(frame))).toBe(false);
  });

  it('sees the same whatever pieces the frame lies in', () => {
    const bytes = frameOf({ ...eight, keyFrame: true, isFull: true });
    const cut = bytes.subarray(0, bytes.length - 2);
    const pieces = (whole: Uint8Array) =>
      Array.from({ length: whole.length }, (_, index) => whole.subarray(index, index + 1));
    expect(holds(bytes, pieces(bytes))).toBe(true);
    expect(holds(cut, pieces(cut))).toBe(false);
  });

  it('finds most frames that are noise behind their header, and never throws', () => {
    const header = frameOf({ ...byItself, ...one }).subarray(0, 10);
    let found = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 400, maxLength: 400 }), (noise) => {
        const frame = Uint8Array.from([...header, ...noise]);
        if (!holds(frame)) found += 1;
      }),
      { numRuns: 1000, seed: 14 },
    );
    // Three of four numbers of partitions ask for a table, which noise makes too long.
    expect(found).toBeGreaterThan(600);
  });
});
