import type { CallClass } from './classes.ts';
import { type Named, type NamedPairs, verifyCalls } from './verify-calls.ts';

const WIDTHS = [29, 34, 34, 34, 20];

const row = (columns: readonly string[]): string =>
  columns.map((text, index) => text.padEnd(WIDTHS[index] ?? 0)).join('  ');

const cells = (counts: readonly number[], width: number): string =>
  counts.map((count) => `${count}`.padStart(width)).join('');

const ofTracks = ({ tracks, off, plain, plainNamed, falselyNamed }: Named): string =>
  cells([tracks, off, plain, plainNamed, falselyNamed], 6);

const ofPairs = ({ sessions, lateNamed, falselyNamed }: NamedPairs): string =>
  cells([sessions, lateNamed, falselyNamed], 6);

/**
 * Prints what verifying names in the calls of each class.
 *
 * @returns how many tracks and pairs were named falsely, as solved
 */
export function printNamed(
  calls: (index: number) => number,
  seed: number,
  classes: readonly CallClass[],
  out: (line: string) => void,
): number {
  const counted = ' tracks off plain named falsely';
  out(row(['', 'as solved', 'straight', 'cut at pauses', 'two of a session']));
  out(row(['class', counted, counted, counted, ' all late falsely']));
  let falselyNamed = 0;
  for (const [index, of] of classes.entries()) {
    const { solved, straight, cut, pairs } = verifyCalls(of, seed, calls(index));
    falselyNamed += solved.falselyNamed + pairs.falselyNamed;
    out(row([of.name, ofTracks(solved), ofTracks(straight), ofTracks(cut), ofPairs(pairs)]));
  }
  return falselyNamed;
}
