import type { Sticker } from '../canvas/canvas.ts';
import { i420Bytes, planesOf, yuvOfRgb } from '../canvas/i420.ts';

/** Pixels as they are drawn: red, green, blue and opacity, not premultiplied. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** What was drawn, in the shape in which it is laid over pictures. Sides are even. */
export function stickerOf({ width, height, data }: Rgba): Sticker {
  const bytes = new Uint8Array(i420Bytes({ width, height }));
  const opacity = new Uint8Array(width * height);
  const lowOpacity = new Uint8Array(opacity.length / 4);
  const [luma, u, v] = planesOf({ width, height, bytes });
  for (let at = 0; at < opacity.length; at++) {
    opacity[at] = data[at * 4 + 3] ?? 0;
    luma.bytes[at] = yuvAt(data, at).y;
  }
  const half = width >> 1;
  for (let at = 0; at < lowOpacity.length; at++) {
    const first = Math.floor(at / half) * 2 * width + (at % half) * 2;
    const four = [first, first + 1, first + width, first + width + 1];
    // What cannot be seen has no colour, and must not give any to what can.
    const total = four.reduce((sum, pixel) => sum + (opacity[pixel] ?? 0), 0);
    const mean = (of: (pixel: number) => number) =>
      total === 0 ? 128 : four.reduce((sum, pixel) => sum + of(pixel) * (opacity[pixel] ?? 0), 0) / total;
    lowOpacity[at] = total / 4;
    u.bytes[at] = mean((pixel) => yuvAt(data, pixel).u);
    v.bytes[at] = mean((pixel) => yuvAt(data, pixel).v);
  }
  return { width, height, bytes, opacity, lowOpacity };
}

const yuvAt = (data: Rgba['data'], pixel: number) =>
  yuvOfRgb(data[pixel * 4] ?? 0, data[pixel * 4 + 1] ?? 0, data[pixel * 4 + 2] ?? 0);
