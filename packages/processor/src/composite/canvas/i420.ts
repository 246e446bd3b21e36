import type { Place, Size } from '../../plan/scene-list.ts';

/** A picture in I420 (ITU-R BT.601, limited range): luma, then both planes of chroma at half the resolution. */
export interface I420 extends Size {
  readonly bytes: Uint8Array;
}

/** One plane of it. */
export interface Plane {
  /** Whose rows can be copied without a view on each: that would be a third of a film's garbage. */
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** By how much its coordinates are those of the picture halved. */
  readonly shift: 0 | 1;
}

export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Sides of all pictures are even. */
export const i420Bytes = ({ width, height }: Size): number => (width * height * 3) / 2;

export function planesOf({ bytes, width, height }: I420): readonly [Plane, Plane, Plane] {
  const [half, low] = [width >> 1, height >> 1];
  const luma = width * height;
  const chroma = half * low;
  const part = (at: number, length: number) => Buffer.from(bytes.buffer, bytes.byteOffset + at, length);
  return [
    { bytes: part(0, luma), width, height, shift: 0 },
    { bytes: part(luma, chroma), width: half, height: low, shift: 1 },
    { bytes: part(luma + chroma, chroma), width: half, height: low, shift: 1 },
  ];
}

/** @param colour `#rrggbb` */
export const rgbOf = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** @param colour `#rrggbb` */
export function yuvOf(colour: string): Yuv {
  const [r = 0, g = 0, b = 0] = rgbOf(colour);
  return yuvOfRgb(r, g, b);
}

export const yuvOfRgb = (r: number, g: number, b: number): Yuv => ({
  y: Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
  u: Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
  v: Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
});

/** What two places have in common. */
export function overlap(a: Place, b: Place): Place | undefined {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
