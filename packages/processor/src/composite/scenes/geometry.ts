import type { CompositeFit } from '../../plan/plan.ts';
import type { Place, Size } from '../../plan/scene-list.ts';

/** What cameras and screens mostly are. */
const ASPECT = 16 / 9;

/** Of the shorter side: what lies between tiles. */
const GAP_SHARE = 1 / 60;

/** Of the shorter side: a strip above all tiles for title and logo. */
const HEADER_SHARE = 1 / 12;

/** Tiles beside a stage, one upon the other. */
const IN_COLUMN = 5;

/** Tiles below a stage of an upright picture. */
const IN_ROW = 3;

const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

export const gapOf = ({ width, height }: Size): number => even(Math.min(width, height) * GAP_SHARE);

export const headerHeight = ({ width, height }: Size): number => even(Math.min(width, height) * HEADER_SHARE);

export const whole = ({ width, height }: Size): Place => ({ x: 0, y: 0, width, height });

/** One tile below a header: of a camera's shape, or as high as an upright picture leaves room. */
export function alone(size: Size): Place {
  const [tile] = gridPlaces(size, 1);
  if (tile !== undefined && size.width >= size.height) return tile;
  const gap = gapOf(size);
  return { x: gap, y: gap, width: even(size.width - 2 * gap), height: even(size.height - 2 * gap) };
}

/** As many tiles of one size as asked for, as large as they can be, the last row in the middle. */
export function gridPlaces(size: Size, count: number, columns?: number): Place[] {
  const gap = gapOf(size);
  const tried =
    columns === undefined
      ? Array.from({ length: count }, (_, index) => index + 1)
      : [Math.min(columns, count)];
  const [best] = tried
    .map((across) => ({ across, ...tileIn(size, gap, across, Math.ceil(count / across)) }))
    .sort((a, b) => b.width - a.width);
  if (best === undefined) return [];
  const { across, width, height } = best;
  const rows = Math.ceil(count / across);
  const top = (size.height - rows * height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / across);
    const inRow = Math.min(across, count - row * across);
    const left = (size.width - inRow * width - (inRow - 1) * gap) / 2;
    return {
      x: even0(left + (index % across) * (width + gap)),
      y: even0(top + row * (height + gap)),
      width,
      height,
    };
  });
}

/** How far from a tile's edge its name stands, and how round its corners are: those of a tile that is the picture are not. */
export function edgesOf(tile: Size, picture: Size): { readonly margin: number; readonly radius: number } {
  const side = Math.min(tile.width, tile.height);
  const gap = gapOf(picture);
  const isAll = tile.width === picture.width && tile.height === picture.height;
  return {
    margin: Math.min(gap, Math.max(4, even(side / 28))),
    radius: isAll ? 0 : Math.min(gap, even(side / 12)),
  };
}

const even0 = (pixels: number): number => Math.max(0, Math.floor(pixels / 2) * 2);

function tileIn(size: Size, gap: number, columns: number, rows: number): Size {
  const width = (size.width - (columns + 1) * gap) / columns;
  const height = (size.height - (rows + 1) * gap) / rows;
  return width > height * ASPECT
    ? { width: even(height * ASPECT), height: even(height) }
    : { width: even(width), height: even(width / ASPECT) };
}

/** Whether screens and cameras are larger with others beside them than above or below. */
const isWide = ({ width, height }: Size): boolean => width >= 1.4 * height;

/** How many tiles fit beside a stage. */
export const besideStage = (size: Size): number => (isWide(size) ? IN_COLUMN : IN_ROW);

/** A stage with tiles beside it, or below it in a picture that is upright or nearly square. */
export function stagePlaces(
  size: Size,
  count: number,
): { readonly stage: Place; readonly tiles: readonly Place[] } {
  const gap = gapOf(size);
  if (isWide(size)) {
    const height = even((size.height - (IN_COLUMN + 1) * gap) / IN_COLUMN);
    const width = even(height * ASPECT);
    const x = size.width - gap - width;
    const top = even0((size.height - count * height - (count - 1) * gap) / 2);
    const tiles = Array.from({ length: count }, (_, index) => ({
      x: even0(x),
      y: top + index * (height + gap),
      width,
      height,
    }));
    return {
      stage: { x: gap, y: gap, width: even(x - 2 * gap), height: even(size.height - 2 * gap) },
      tiles,
    };
  }
  const width = even((size.width - (IN_ROW + 1) * gap) / IN_ROW);
  const height = even(width / ASPECT);
  const y = even0(size.height - gap - height);
  const left = even0((size.width - count * width - (count - 1) * gap) / 2);
  const tiles = Array.from({ length: count }, (_, index) => ({
    x: left + index * (width + gap),
    y,
    width,
    height,
  }));
  return { stage: { x: gap, y: gap, width: even(size.width - 2 * gap), height: even(y - 2 * gap) }, tiles };
}

/** Two of one size: side by side, or one above the other in a picture that is upright or nearly square. */
export function halves(size: Size): readonly [Place, Place] {
  const gap = gapOf(size);
  if (isWide(size)) {
    const width = even((size.width - 3 * gap) / 2);
    const tile = { y: gap, width, height: even(size.height - 2 * gap) };
    return [
      { x: gap, ...tile },
      { x: even0(size.width - gap - width), ...tile },
    ];
  }
  const height = even((size.height - 3 * gap) / 2);
  const tile = { x: gap, width: even(size.width - 2 * gap), height };
  return [
    { y: gap, ...tile },
    { y: even0(size.height - gap - height), ...tile },
  ];
}

/**
 * Where a picture of a shape stands in a place, in its middle and without stretching: all of it within, or as much of it as
 * fills the place, in which case it reaches beyond.
 */
export function fitted(place: Place, { width, height }: Size, fit: CompositeFit): Place {
  const [across, down] = [place.width / width, place.height / height];
  const scale = fit === 'contain' ? Math.min(across, down) : Math.max(across, down);
  const inner = { width: nearestEven(width * scale), height: nearestEven(height * scale) };
  return {
    x: place.x + middle(place.width - inner.width),
    y: place.y + middle(place.height - inner.height),
    ...inner,
  };
}

const nearestEven = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

const middle = (room: number): number => Math.floor(room / 4) * 2;
