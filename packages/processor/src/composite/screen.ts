import type { CompositeLook } from '../plan/plan.ts';
import type { Place, Scene, Tile } from '../plan/scene-list.ts';
import type { Art } from './art/art.ts';
import { TILE_COLOUR } from './art/colours.ts';
import { type Corners, cornersOf } from './art/corners.ts';
import { Canvas } from './canvas/canvas.ts';
import { yuvOf } from './canvas/i420.ts';
import type { Picture } from './decoders/shot-decoder.ts';
import { edgesOf } from './scenes/geometry.ts';

/** What a tile shows besides its place, as it was painted last. */
interface Painted {
  isMarked: boolean;
  /** Where the picture stands; absent where initials do. */
  place: Place | undefined;
}

/** The picture as it is painted from one moment to the next: of a scene only what moves is painted anew. */
export class Screen {
  readonly canvas: Canvas;
  readonly #art: Art;
  readonly #background: string;
  readonly #border: string | false;
  readonly #thickness: number;
  readonly #corners = new Map<string, Corners>();
  readonly #tileColour = yuvOf(TILE_COLOUR);
  #painted: (Painted | undefined)[] = [];

  constructor({ size, background, speakerBorder }: CompositeLook, art: Art) {
    this.canvas = new Canvas(size);
    this.#art = art;
    this.#background = background;
    this.#border = speakerBorder;
    this.#thickness = Math.max(2, Math.round(Math.min(size.width, size.height) / 360) * 2);
  }

  /** Another scene: all is painted anew. */
  begin({ tiles }: Scene): void {
    const { width, height } = this.canvas;
    const whole = { x: 0, y: 0, width, height };
    this.canvas.fill(whole, yuvOf(this.#background));
    this.#overlay(whole);
    this.#painted = tiles.map(() => undefined);
  }

  /** A tile of the scene, with its picture where one is shown. */
  paint(index: number, tile: Tile, picture: Picture | undefined, isMarked: boolean): void {
    const before = this.#painted[index];
    const place = picture?.piece.place;
    const isNew = before === undefined || before.isMarked !== isMarked || !isSame(before.place, place);
    if (isNew) this.#ground(tile, place);
    if (picture !== undefined) this.#show(tile, picture);
    const area = isNew || place === undefined ? tile.place : place;
    if (isNew || picture !== undefined) this.#decorate(tile, area, isMarked);
    this.#painted[index] = { isMarked, place };
  }

  #ground({ userId, place }: Tile, picture: Place | undefined): void {
    if (picture === undefined) this.canvas.put(this.#art.initials(userId, place), place);
    else this.canvas.fill(place, this.#tileColour);
  }

  #show({ place: clip }: Tile, { piece, pixels }: Picture): void {
    const picture = { ...piece.size, bytes: pixels };
    this.canvas.putTurned(picture, piece.rotation, piece.place, clip);
  }

  /** @param area what was painted anew: over the rest, stickers lie already */
  #decorate({ userId, place }: Tile, area: Place, isMarked: boolean): void {
    const clip = within(area, place);
    const { margin, radius } = edgesOf(place, this.canvas);
    const label = this.#art.label(userId, place);
    if (label !== undefined) {
      const y = place.y + place.height - margin - label.height;
      this.canvas.blend(label, { x: place.x + margin, y }, clip);
    }
    this.#overlay(clip);
    // Who has all of the picture is known without.
    const border = isMarked && radius > 0 ? this.#border : false;
    if (border !== false) this.canvas.border(place, this.#thickness, yuvOf(border), radius);
    if (radius > 0) this.#round(place, radius, border, clip);
  }

  #round({ x, y, width, height }: Place, radius: number, border: string | false, clip: Place): void {
    const key = `${radius} ${border}`;
    const frame = border === false ? undefined : { thickness: this.#thickness, colour: border };
    const corners = this.#corners.get(key) ?? cornersOf(radius, this.#background, frame);
    this.#corners.set(key, corners);
    const [right, low] = [x + width - radius, y + height - radius];
    this.canvas.blend(corners[0], { x, y }, clip);
    this.canvas.blend(corners[1], { x: right, y }, clip);
    this.canvas.blend(corners[2], { x, y: low }, clip);
    this.canvas.blend(corners[3], { x: right, y: low }, clip);
  }

  #overlay(clip: Place): void {
    for (const { sticker, x, y } of this.#art.overlays) this.canvas.blend(sticker, { x, y }, clip);
  }
}

const isSame = (a: Place | undefined, b: Place | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.x === b.x &&
    a.y === b.y &&
    a.width === b.width &&
    a.height === b.height);

/** A picture that fills its place may reach beyond. */
function within(area: Place, { x, y, width, height }: Place): Place {
  const left = Math.max(area.x, x);
  const top = Math.max(area.y, y);
  return {
    x: left,
    y: top,
    width: Math.min(area.x + area.width, x + width) - left,
    height: Math.min(area.y + area.height, y + height) - top,
  };
}
