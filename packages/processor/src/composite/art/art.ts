import type { Size } from '../../plan/scene-list.ts';
import type { Sticker } from '../canvas/canvas.ts';
import type { I420 } from '../canvas/i420.ts';

/** What is drawn of letters and foreign pictures: each once for its size, and laid over pictures from then on. */
export interface Art {
  /** A tile of whoever has no camera. */
  initials(userId: string, size: Size): I420;
  /** A name for a corner of a tile; undefined where none is shown. */
  label(userId: string, tile: Size): Sticker | undefined;
  /** What lies over all of the picture, and where. */
  readonly overlays: readonly { readonly sticker: Sticker; readonly x: number; readonly y: number }[];
  /** What could not be drawn as asked for, in words. */
  readonly lacks: readonly string[];
}
