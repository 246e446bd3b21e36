import type { Size } from '../../plan/scene-list.ts';
import { Canvas } from '../canvas/canvas.ts';
import { yuvOf } from '../canvas/i420.ts';
import type { Art } from './art.ts';
import { colourOf } from './colours.ts';

/** Without letters: a tile has its user's colour, and no name. */
export class PlainArt implements Art {
  readonly overlays = [];
  readonly lacks: readonly string[];

  constructor(why: string) {
    this.lacks = [why];
  }

  initials(userId: string, { width, height }: Size): Canvas {
    const canvas = new Canvas({ width, height });
    canvas.fill({ x: 0, y: 0, width, height }, yuvOf(colourOf(userId)));
    return canvas;
  }

  label(): undefined {
    return undefined;
  }
}
