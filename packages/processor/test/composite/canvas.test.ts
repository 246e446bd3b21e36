import { describe, expect, test } from 'vitest';
import { stickerOf } from '../../src/composite/art/sticker-of.ts';
import { Canvas } from '../../src/composite/canvas/canvas.ts';
import { i420Bytes, planesOf, yuvOf } from '../../src/composite/canvas/i420.ts';
import { turned } from '../../src/composite/canvas/turn.ts';

/** Luma as rows of numbers. */
const lumaOf = ({ bytes, width, height }: Pick<Canvas, 'bytes' | 'width' | 'height'>): number[][] =>
  Array.from({ length: height }, (_, row) => [...bytes.subarray(row * width, (row + 1) * width)]);

/** Luma counts from 1 on, chroma from 101 and 201 on. */
function counted(width: number, height: number) {
  const bytes = new Uint8Array(i420Bytes({ width, height }));
  for (const [index, { bytes: plane }] of planesOf({ width, height, bytes }).entries())
    for (const at of plane.keys()) plane[at] = 1 + index * 100 + at;
  return { width, height, bytes };
}

describe('the canvas', () => {
  test('a picture is put where it belongs, in all three planes, and nothing beside it', () => {
    const canvas = new Canvas({ width: 6, height: 4 });
    canvas.put(counted(2, 2), { x: 4, y: 2 });
    expect(lumaOf(canvas)).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 2],
      [0, 0, 0, 0, 3, 4],
    ]);
    const [, u, v] = planesOf(canvas);
    expect([...u.bytes, ...v.bytes]).toEqual([0, 0, 0, 0, 0, 101, 0, 0, 0, 0, 0, 201]);
  });

  test('what reaches beyond its clip is cut off on every side', () => {
    const canvas = new Canvas({ width: 6, height: 4 });
    canvas.put(counted(6, 4), { x: -2, y: -2 }, { x: 2, y: 0, width: 2, height: 2 });
    expect(lumaOf(canvas)).toEqual([
      [0, 0, 17, 18, 0, 0],
      [0, 0, 23, 24, 0, 0],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  test('a border lies along the inside, and leaves its corners to what rounds them', () => {
    const canvas = new Canvas({ width: 8, height: 8 });
    canvas.border({ x: 0, y: 0, width: 8, height: 8 }, 2, { y: 9, u: 1, v: 1 }, 0);
    expect(lumaOf(canvas)[0]).toEqual([9, 9, 9, 9, 9, 9, 9, 9]);
    expect(lumaOf(canvas)[3]).toEqual([9, 9, 0, 0, 0, 0, 9, 9]);
    const open = new Canvas({ width: 8, height: 8 });
    open.border({ x: 0, y: 0, width: 8, height: 8 }, 2, { y: 9, u: 1, v: 1 }, 2);
    expect(lumaOf(open)[0]).toEqual([0, 0, 9, 9, 9, 9, 0, 0]);
    expect(lumaOf(open)[3]).toEqual([9, 9, 0, 0, 0, 0, 9, 9]);
  });

  test('a sticker covers, lets through, or is mixed, by its opacity', () => {
    const canvas = new Canvas({ width: 4, height: 2 });
    canvas.fill({ x: 0, y: 0, width: 4, height: 2 }, { y: 100, u: 128, v: 128 });
    const white = [255, 255, 255];
    const pixels = [255, 128, 0, 255].flatMap((opacity) => [...white, opacity]);
    canvas.blend(stickerOf({ width: 4, height: 2, data: Uint8Array.from([...pixels, ...pixels]) }), {
      x: 0,
      y: 0,
    });
    expect(lumaOf(canvas)[0]).toEqual([235, 167, 100, 235]);
    expect(canvas.bytes.subarray(8)).toEqual(new Uint8Array(4).fill(128));
  });

  test('colours are those of BT.601', () => {
    expect(['#000000', '#ffffff', '#ff0000'].map(yuvOf)).toEqual([
      { y: 16, u: 128, v: 128 },
      { y: 235, u: 128, v: 128 },
      { y: 82, u: 90, v: 240 },
    ]);
  });
});

describe('turning', () => {
  const picture = counted(4, 2);
  test.each([
    [
      90,
      [
        [5, 1],
        [6, 2],
        [7, 3],
        [8, 4],
      ],
      [101, 102],
    ],
    [
      180,
      [
        [8, 7, 6, 5],
        [4, 3, 2, 1],
      ],
      [102, 101],
    ],
    [
      270,
      [
        [4, 8],
        [3, 7],
        [2, 6],
        [1, 5],
      ],
      [102, 101],
    ],
  ] as const)('%i° clockwise', (rotation, luma, u) => {
    const result = turned(picture, rotation);
    expect(lumaOf(result)).toEqual(luma);
    expect([...planesOf(result)[1].bytes]).toEqual(u);
  });
});
