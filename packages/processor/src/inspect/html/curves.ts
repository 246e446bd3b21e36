import type { InspectedLayer, InspectedTrack } from '../inspection.ts';
import { sizeOf } from './names.ts';

/** Columns that a curve has at most: more would not be seen on a screen. */
const MOST_COLUMNS = 800;

const LEVELS = 255;

export interface Curve {
  readonly name: string;
  readonly unit: string;
  /** Its lowest and highest value on the plot. */
  readonly bottom: number;
  readonly top: number;
  /**
   * The least and the most of each column, a byte each between bottom and top, in base64; a column without a value has its least
   * above its most.
   */
  readonly data: string;
}

interface Kind {
  readonly name: string;
  readonly unit: string;
  /** What a plot shows at least, so that noise stays small. */
  readonly least: number;
  readonly bottom?: number;
  /** A curve that never leaves 0 says nothing. */
  readonly mayBeQuiet?: true;
  /** Not every second has a value of its own: one or two without are no gap. */
  readonly isSparse?: true;
  of(seconds: InspectedTrack['seconds']): readonly (number | null)[] | undefined;
}

const RATE: Kind = { name: 'rate', unit: 'kbit/s', least: 50, of: ({ kbps }) => kbps };

const KINDS: readonly Kind[] = [
  RATE,
  { name: 'pictures', unit: '/s', least: 15, of: ({ frames }) => frames },
  { name: 'level', unit: 'dBov', least: 0, bottom: -100, of: ({ levelDbov }) => levelDbov },
  { name: 'lost', unit: 'packets/s', least: 5, mayBeQuiet: true, of: ({ lost }) => lost },
  { name: 'delay', unit: 'ms', least: 100, isSparse: true, of: ({ delayMs }) => delayMs },
  { name: 'jitter', unit: 'ms', least: 30, of: ({ jitterMs }) => jitterMs },
];

/** The curves of one track over the whole call. */
export function curvesOf({ seconds, kind }: InspectedTrack, durationMs: number): Curve[] {
  return KINDS.flatMap((curve) => {
    // What a picture's packets are apart by is the sender's pacing: their jitter says little.
    if (curve.name === 'jitter' && kind === 'video') return [];
    const values = curve.of(seconds);
    if (values === undefined || values.every((value) => value === null)) return [];
    if (curve.mayBeQuiet && values.every((value) => value === 0)) return [];
    return [drawn(curve, seconds.second, values, durationMs)];
  });
}

/** The rate of each of the layers that a camera sent side by side, on one scale. */
export function layerCurvesOf(layers: readonly InspectedLayer[], durationMs: number): Curve[] {
  const least = layers
    .flatMap(({ seconds }) => seconds.kbps)
    .reduce((most, kbps) => Math.max(most, kbps), RATE.least);
  return layers.map((layer) =>
    drawn({ ...RATE, name: sizeOf(layer), least }, layer.seconds.second, layer.seconds.kbps, durationMs),
  );
}

function drawn(
  { name, unit, least, bottom = 0, isSparse }: Kind,
  seconds: readonly number[],
  values: readonly (number | null)[],
  durationMs: number,
): Curve {
  const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.ceil(durationMs / 1000)));
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  const perColumn = Math.max(1000, durationMs) / 1000 / columns;
  let most = least;
  seconds.forEach((second, index) => {
    const value = values[index];
    const column = Math.floor(second / perColumn);
    if (value === null || value === undefined || column < 0 || column >= columns) return;
    low[column] = Math.min(low[column] ?? value, value);
    high[column] = Math.max(high[column] ?? value, value);
    most = Math.max(most, value);
  });
  if (isSparse) bridge(low, high);
  const scale = LEVELS / (most - bottom || 1);
  const bytes = Buffer.alloc(2 * columns);
  for (let column = 0; column < columns; column++) {
    const isEmpty = (low[column] ?? 0) > (high[column] ?? 0);
    bytes[2 * column] = isEmpty ? LEVELS : level((low[column] ?? 0) - bottom, scale);
    bytes[2 * column + 1] = isEmpty ? 0 : level((high[column] ?? 0) - bottom, scale);
  }
  return { name, unit, bottom, top: Math.round(most * 10) / 10, data: bytes.toString('base64') };
}

const MOST_BRIDGED = 2;

function bridge(low: Float64Array, high: Float64Array): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const [column, value] of low.entries()) {
    if (!Number.isFinite(value)) continue;
    if (column - last - 1 <= MOST_BRIDGED)
      for (let between = last + 1; between < column; between++) {
        low[between] = low[last] ?? value;
        high[between] = high[last] ?? value;
      }
    last = column;
  }
}

const level = (value: number, scale: number): number =>
  Math.max(0, Math.min(LEVELS, Math.round(value * scale)));
