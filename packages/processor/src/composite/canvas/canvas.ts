import type { Rotation } from '@rawreel/rtp';
import type { Place, Size } from '../../plan/scene-list.ts';
import { type I420, i420Bytes, overlap, type Plane, planesOf, type Yuv } from './i420.ts';
import { turned } from './turn.ts';

/** A picture with an opacity for each pixel, 0–255, in both resolutions. */
export interface Sticker extends I420 {
  readonly opacity: Uint8Array;
  readonly lowOpacity: Uint8Array;
}

/** The picture that is painted on. Rows are copied, and only what is small is blended: a millisecond a picture. */
export class Canvas implements I420 {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
  readonly #planes: readonly [Plane, Plane, Plane];

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
    this.bytes = new Uint8Array(i420Bytes({ width, height }));
    this.#planes = planesOf(this);
  }

  fill(place: Place, { y, u, v }: Yuv): void {
    const visible = overlap(place, this.#whole);
    if (visible === undefined) return;
    for (const [plane, value] of this.#with([y, u, v])) {
      const { x, y: top, width, height } = scaled(visible, plane.shift);
      for (let row = top; row < top + height; row++) {
        const at = row * plane.width + x;
        plane.bytes.fill(value, at, at + width);
      }
    }
  }

  /** Puts a picture at a place of its size; what reaches beyond `clip` is cut off. */
  put(picture: I420, { x, y }: Pick<Place, 'x' | 'y'>, clip: Place = this.#whole): void {
    const visible = overlap({ x, y, width: picture.width, height: picture.height }, clip);
    if (visible === undefined) return;
    for (const [plane, from] of this.#with(planesOf(picture))) {
      const to = scaled(visible, plane.shift);
      const left = to.x - (x >> plane.shift);
      const top = to.y - (y >> plane.shift);
      for (let row = 0; row < to.height; row++) {
        const source = (top + row) * from.width + left;
        const at = (to.y + row) * plane.width + to.x;
        from.bytes.copy(plane.bytes, at, source, source + to.width);
      }
    }
  }

  /** The same of a picture that is turned clockwise first. */
  putTurned(picture: I420, rotation: Rotation, at: Pick<Place, 'x' | 'y'>, clip?: Place): void {
    this.put(rotation === 0 ? picture : turned(picture, rotation), at, clip);
  }

  /** Lays a sticker over what is there. */
  blend(sticker: Sticker, { x, y }: Pick<Place, 'x' | 'y'>, clip: Place = this.#whole): void {
    const visible = overlap({ x, y, width: sticker.width, height: sticker.height }, clip);
    if (visible === undefined) return;
    for (const [plane, from] of this.#with(planesOf(sticker))) {
      const opacity = plane.shift === 0 ? sticker.opacity : sticker.lowOpacity;
      const to = scaled(visible, plane.shift);
      const left = to.x - (x >> plane.shift);
      const top = to.y - (y >> plane.shift);
      for (let row = 0; row < to.height; row++) {
        let source = (top + row) * from.width + left;
        let at = (to.y + row) * plane.width + to.x;
        for (let column = 0; column < to.width; column++, source++, at++) {
          const share = opacity[source] as number;
          if (share === 0) continue;
          const under = plane.bytes[at] as number;
          plane.bytes[at] = under + (((from.bytes[source] as number) - under) * share) / 255;
        }
      }
    }
  }

  /** A frame along the inside of a place, up to its corners. */
  border({ x, y, width, height }: Place, thickness: number, colour: Yuv, corner: number): void {
    const [across, down] = [width - 2 * corner, height - 2 * corner];
    this.fill({ x: x + corner, y, width: across, height: thickness }, colour);
    this.fill({ x: x + corner, y: y + height - thickness, width: across, height: thickness }, colour);
    this.fill({ x, y: y + corner, width: thickness, height: down }, colour);
    this.fill({ x: x + width - thickness, y: y + corner, width: thickness, height: down }, colour);
  }

  get #whole(): Place {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  #with<Value>(values: readonly [Value, Value, Value]): readonly (readonly [Plane, Value])[] {
    return this.#planes.map((plane, index) => [plane, values[index] as Value]);
  }
}

const scaled = ({ x, y, width, height }: Place, shift: 0 | 1): Place => ({
  x: x >> shift,
  y: y >> shift,
  width: width >> shift,
  height: height >> shift,
});
