import { styleText } from 'node:util';
import type { Environment, Output } from '../context.ts';

export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

const plain = (text: string) => text;
const PLAIN: Colours = { bold: plain, dim: plain, red: plain, yellow: plain };

// styleText's own check looks at the environment of the process; the decision here is the caller's.
const styled = (style: 'bold' | 'dim' | 'red' | 'yellow') => (text: string) =>
  styleText(style, text, { validateStream: false });
const COLOURED: Colours = {
  bold: styled('bold'),
  dim: styled('dim'),
  red: styled('red'),
  yellow: styled('yellow'),
};

export function hasColours(output: Output, env: Environment): boolean {
  return output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Whether lines may be written over: by a terminal that can, for somebody who watches and wants more than plain text. */
export function canRedraw(output: Output, env: Environment): boolean {
  return hasColours(output, env) && !env.CI;
}

export function coloursFor(output: Output, env: Environment): Colours {
  return hasColours(output, env) ? COLOURED : PLAIN;
}
