import { expect, test } from 'vitest';
import type { Art } from '../../src/composite/art/art.ts';
import { PlainArt } from '../../src/composite/art/plain-art.ts';
import { stickerOf } from '../../src/composite/art/sticker-of.ts';
import { yuvOf } from '../../src/composite/canvas/i420.ts';
import { Screen } from '../../src/composite/screen.ts';
import type { CompositeLook } from '../../src/plan/plan.ts';
import type { Place, Tile } from '../../src/plan/scene-list.ts';

const SIZE = { width: 480, height: 360 };
const LOOK: CompositeLook = {
  ...{ layout: 'auto', size: SIZE, fps: 25, fit: 'contain', places: 16, labels: true, blur: [], names: {} },
  ...{ background: '#000000', speakerBorder: '#ffffff' },
};
const PLACE = { x: 40, y: 20, width: 240, height: 136 };
const TILE: Tile = { userId: 'alice', show: 'camera', place: PLACE };

/** A grey picture at a place. */
const picture = (place: Place) => ({
  piece: { from: 0, to: 1, size: place, rotation: 0 as const, place },
  pixels: new Uint8Array((place.width * place.height * 3) / 2).fill(128),
});

/** What a screen shows after a tile was painted so, one picture after the other. */
function shown(tile: Tile, ...pictures: readonly { place?: Place; isMarked: boolean }[]) {
  const screen = new Screen(LOOK, new PlainArt('none'));
  screen.begin({ startMs: 0, tiles: [tile] });
  for (const { place, isMarked } of pictures)
    screen.paint(0, tile, place === undefined ? undefined : picture(place), isMarked);
  const { bytes } = screen.canvas;
  const at = (x: number, y: number) => bytes[(tile.place.y + y) * SIZE.width + tile.place.x + x] ?? 0;
  return { bytes, at };
}

const BLACK = yuvOf('#000000').y;
const WHITE = yuvOf('#ffffff').y;

test('a tile · has round corners of the background’s colour, softly', () => {
  for (const tile of [TILE, { ...TILE, show: 'initials' } as const]) {
    const { at } = shown(tile, { ...(tile.show === 'camera' ? { place: PLACE } : {}), isMarked: false });
    const middle = at(120, 10);
    const { width, height } = PLACE;
    const corners = [at(0, 0), at(width - 1, 0), at(0, height - 1), at(width - 1, height - 1)];
    expect(corners).toEqual([BLACK, BLACK, BLACK, BLACK]);
    expect([at(10, 0), at(0, 10), at(width - 1, height - 11)]).toEqual([middle, middle, middle]);
    const soft = Array.from({ length: 6 }, (_, index) => at(index, 0));
    expect(soft.some((luma) => luma > BLACK && luma < middle)).toBe(true);
  }
});

test('a frame · goes round them, and leaves nothing when it goes', () => {
  const { at, bytes } = shown(TILE, { place: PLACE, isMarked: true });
  expect([at(0, 0), at(120, 0), at(120, 1), at(120, 2), at(0, 60), at(239, 60), at(120, 135)]).toEqual([
    ...[BLACK, WHITE, WHITE, 128, WHITE, WHITE, WHITE],
  ]);
  // Along the diagonal of a corner: outside, frame, picture.
  const diagonal = Array.from({ length: 6 }, (_, index) => at(index, index));
  expect([diagonal[0], Math.max(...diagonal) > 200, diagonal[5]]).toEqual([BLACK, true, 128]);
  const bare = shown(TILE, { place: PLACE, isMarked: false });
  const afterwards = shown(TILE, { place: PLACE, isMarked: true }, { place: PLACE, isMarked: false });
  expect(afterwards.bytes).toEqual(bare.bytes);
  const again = shown(TILE, { place: PLACE, isMarked: true }, { place: PLACE, isMarked: true });
  expect(again.bytes).toEqual(bytes);
});

test('a picture of another shape · what lies over the rest is laid there once', () => {
  const narrow = { x: PLACE.x + 80, y: PLACE.y, width: 76, height: 136 };
  for (const isMarked of [false, true]) {
    const once = shown(TILE, { place: narrow, isMarked });
    const often = shown(TILE, ...Array.from({ length: 5 }, () => ({ place: narrow, isMarked })));
    expect(often.bytes).toEqual(once.bytes);
  }
});

test('a tile that is the whole picture · is neither rounded nor framed', () => {
  const whole = { x: 0, y: 0, ...SIZE };
  const { at } = shown({ ...TILE, place: whole }, { place: whole, isMarked: true });
  expect([at(0, 0), at(SIZE.width - 1, SIZE.height - 1)]).toEqual([128, 128]);
});

test('names, logo and title · lie over the background and over each picture', () => {
  const white = stickerOf({ width: 4, height: 2, data: new Uint8Array(4 * 2 * 4).fill(255) });
  const overlays = [
    { sticker: white, x: PLACE.x + 60, y: PLACE.y + 60 },
    { sticker: white, x: 400, y: 10 },
  ];
  const art: Art = { initials: () => expect.fail(), label: () => white, overlays, lacks: [] };
  const screen = new Screen({ ...LOOK, background: '#204060' }, art);
  const at = (x: number, y: number) => screen.canvas.bytes[y * SIZE.width + x];
  screen.begin({ startMs: 0, tiles: [TILE] });
  expect([at(0, 0), at(400, 10), at(404, 10)]).toEqual([yuvOf('#204060').y, WHITE, yuvOf('#204060').y]);
  for (const isMarked of [false, false, true]) {
    screen.paint(0, TILE, picture(PLACE), isMarked);
    // Four pixels from both edges.
    const [x, y] = [PLACE.x + 4, PLACE.y + PLACE.height - 4 - 2];
    expect([at(x, y), at(x + 3, y + 1), at(x + 4, y)]).toEqual([WHITE, WHITE, 128]);
    expect([at(PLACE.x + 60, PLACE.y + 60), at(PLACE.x + 64, PLACE.y + 60)]).toEqual([WHITE, 128]);
  }
});
