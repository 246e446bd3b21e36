import { printable } from '@rawreel/text';

const LONGEST_SHOWN = 200;

/** Foreign text as a message shows it: one line, of bounded length. */
export const excerpt = (text: string): string =>
  printable(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
