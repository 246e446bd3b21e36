import type { Colours } from './colour.ts';
import { displayWidth } from './width.ts';

export interface BarPayload {
  readonly name: string;
  readonly tail: string;
}

const NARROWEST_BAR = 8;
const WIDEST_BAR = 40;

interface BarLook {
  readonly nameWidth: number;
  readonly columns: number;
  readonly colours: Colours;
}

/** `alice video  ━━━━━━━━━━━━  scan · 310 MB/s · 21 s left`, never wider than the terminal. */
export function barLine(
  { name, tail }: BarPayload,
  progress: number,
  { nameWidth, columns, colours }: BarLook,
): string {
  const nameRoom = Math.min(nameWidth, Math.max(10, columns - 40));
  const shown = cutToWidth(name, nameRoom);
  const room = columns - 1 - nameRoom - 4 - tail.length;
  const width = Math.min(room, WIDEST_BAR);
  const before = shown + ' '.repeat(nameRoom - displayWidth(shown));
  if (width < NARROWEST_BAR) return cutToWidth(`${before}  ${tail}`, columns - 1);
  const full = Math.round(Math.min(1, Math.max(0, progress)) * width);
  const rest = full < width ? colours.dim('─'.repeat(width - full)) : '';
  return `${before}  ${'━'.repeat(full)}${rest}  ${tail}`;
}

/** A bar is no place to copy an id from, so here, and only here, a name may be cut. */
function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
