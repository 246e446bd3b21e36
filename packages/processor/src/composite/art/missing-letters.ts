import type { Drawer } from './drawer.ts';
import { IS_LETTER, scriptOf } from './names.ts';

/** Those that a system has in their order: letters, then what letters lack. */
export const FONT =
  'Inter, "Noto Sans", "Segoe UI", "Helvetica Neue", Roboto, "Open Sans", "Liberation Sans", Arial, "DejaVu Sans", sans-serif, "Noto Color Emoji"';

/** A code point that no font has a letter for: what is drawn for it stands for whatever is missing. */
const MISSING = '\u{10ffff}';

/** The scripts of a text of which some letter is drawn as that which no font has. */
export function missingScripts(drawer: Drawer, text: string): readonly string[] {
  const look = (letter: string): Buffer => {
    const context = drawer.createCanvas(24, 24).getContext('2d');
    context.font = `16px ${FONT}`;
    context.fillText(letter, 2, 18);
    return Buffer.from(context.getImageData(0, 0, 24, 24).data);
  };
  const missing = look(MISSING);
  const lacking = [...text].filter((letter) => IS_LETTER.test(letter) && look(letter).equals(missing));
  return [...new Set(lacking.map(scriptOf))];
}
