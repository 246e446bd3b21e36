import { createRequire } from 'node:module';
import type { Output } from '../context.ts';

/** Of a terminal that does not know how wide it is. */
const USUAL_WIDTH = 80;

/** Undefined where a line is as long as it has to be. */
export function widthOf({ isTTY, columns }: Output): number | undefined {
  return isTTY ? columns || USUAL_WIDTH : undefined;
}

/** Printable characters that all take one column, of which most ids and all our own words are made. */
const NARROW = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff]*$/;

let measure: ((text: string) => number) | undefined;

/**
 * Columns that a text takes on a terminal. The exact measure is loaded only for a text that needs it: that takes longer
 * than listing a recording, and a listing is made at every press of Tab.
 */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  measure ??= (createRequire(import.meta.url)('string-width') as typeof import('string-width')).default;
  return measure(text);
}
