import type { Rotation } from '@rawreel/rtp';
import { type I420, type Plane, planesOf } from './i420.ts';

/** A picture turned clockwise. Phones send theirs as the sensor lies, with the angle beside. */
export function turned(picture: I420, rotation: Rotation): I420 {
  const isUpset = rotation === 90 || rotation === 270;
  const { width, height } = isUpset ? { width: picture.height, height: picture.width } : picture;
  const result = { width, height, bytes: new Uint8Array(picture.bytes.length) };
  const to = planesOf(result);
  for (const [index, plane] of planesOf(picture).entries()) turnPlane(plane, to[index] as Plane, rotation);
  return result;
}

function turnPlane(from: Plane, to: Plane, rotation: Rotation): void {
  // Where the first pixel of a row of the result comes from, and what lies between it and the next, and the next row's.
  const { width, height } = from;
  const [first, across, down] = {
    0: [0, 1, width],
    90: [(height - 1) * width, -width, 1],
    180: [width * height - 1, -1, -width],
    270: [width - 1, width, -1],
  }[rotation] as [number, number, number];
  let at = 0;
  for (let row = 0; row < to.height; row++) {
    let source = first + row * down;
    for (let column = 0; column < to.width; column++, source += across)
      to.bytes[at++] = from.bytes[source] as number;
  }
}
