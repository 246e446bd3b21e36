/** Milliseconds to the tenth, as all that is written down has them. */
export const tenths = (ms: number): number => Math.round(ms * 10) / 10;
