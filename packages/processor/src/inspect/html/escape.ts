import { printable, xmlText } from '@rawreel/text';

/** Foreign text as it may stand in an element or between double quotes: no markup, nothing that turns text around. */
export const escaped = (text: string): string => xmlText(printable(text));
