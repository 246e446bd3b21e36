import { displayWidth } from './width.ts';

/**
 * Pieces in lines of at most `width` columns, as many in each as there is room for. One that is wider has a line of its
 * own.
 *
 * @param between what stands between two of them in a line, and is left out at its end
 * @param width undefined where all stand in one line
 */
export function joined(pieces: readonly string[], between: string, width: number | undefined): string[] {
  const lines: string[] = [];
  let taken = 0;
  for (const piece of pieces) {
    const more = displayWidth(between) + displayWidth(piece);
    if (lines.length > 0 && (width === undefined || taken + more <= width)) {
      lines[lines.length - 1] += between + piece;
      taken += more;
    } else {
      lines.push(piece);
      taken = displayWidth(piece);
    }
  }
  return lines;
}

export const wrap = (text: string, width: number | undefined): string[] =>
  joined(text.split(' '), ' ', width);
