import { yuvOf } from '../canvas/i420.ts';

/** Dark enough for white letters, apart from each other for eyes of all kinds. */
const COLOURS = ['#3867b8', '#9a4f9e', '#b3562e', '#3d7d4d', '#8a6d1f', '#b34267', '#4a7a8c', '#6a5acd'];

/** Of tiles without a picture, and of what is left of a place by a picture of another shape. */
export const TILE_COLOUR = '#262a33';

/** Whether dark letters are better read on it. @param colour `#rrggbb` */
export const isLight = (colour: string): boolean => yuvOf(colour).y > 140;

/** The same for a user in every film. */
export function colourOf(userId: string): string {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[hash % COLOURS.length] ?? TILE_COLOUR;
}
