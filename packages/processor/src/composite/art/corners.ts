import type { Sticker } from '../canvas/canvas.ts';
import { rgbOf } from '../canvas/i420.ts';
import { stickerOf } from './sticker-of.ts';

/** A frame within a tile. */
export interface Frame {
  readonly thickness: number;
  /** `#rrggbb` */
  readonly colour: string;
}

/** Top left, top right, bottom left, bottom right. */
export type Corners = readonly [Sticker, Sticker, Sticker, Sticker];

/**
 * What is laid over the corners of a tile, so that they look round: what is outside of it, and its frame.
 *
 * @param radius even
 * @param outside `#rrggbb`
 */
export function cornersOf(radius: number, outside: string, frame?: Frame): Corners {
  const topLeft = cornerOf(radius, outside, frame);
  const flipped = (isRight: boolean, isLow: boolean): Sticker => {
    const data = new Uint8Array(topLeft.length);
    for (let row = 0; row < radius; row++) {
      for (let column = 0; column < radius; column++) {
        const from = (isLow ? radius - 1 - row : row) * radius + (isRight ? radius - 1 - column : column);
        data.set(topLeft.subarray(from * 4, from * 4 + 4), (row * radius + column) * 4);
      }
    }
    return stickerOf({ width: radius, height: radius, data });
  };
  return [flipped(false, false), flipped(true, false), flipped(false, true), flipped(true, true)];
}

/** Red, green, blue and opacity of each pixel; edges are as soft as a pixel. */
function cornerOf(radius: number, outside: string, frame: Frame | undefined): Uint8Array {
  const [far, near] = [rgbOf(outside), rgbOf(frame?.colour ?? outside)];
  const data = new Uint8Array(radius * radius * 4);
  for (let at = 0; at < radius * radius; at++) {
    const [across, down] = [radius - (at % radius) - 0.5, radius - Math.floor(at / radius) - 0.5];
    const beyond = Math.hypot(across, down) - radius;
    const isOutside = covered(beyond);
    const opacity = frame === undefined ? isOutside : covered(beyond + frame.thickness);
    const colour = far.map((value, index) => value * isOutside + (near[index] ?? 0) * (1 - isOutside));
    data.set([...colour, opacity * 255].map(Math.round), at * 4);
  }
  return data;
}

/** How much of a pixel is beyond an edge that its middle is so far beyond. */
const covered = (distance: number): number => Math.min(1, Math.max(0, distance + 0.5));
