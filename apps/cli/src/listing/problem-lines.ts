import { printable } from '@rawreel/text';
import { count } from '../terminal/format-values.ts';

export interface Problem {
  readonly code: string;
  readonly severity: 'damage' | 'notice';
  readonly message: string;
}

/** Enough to see what kinds of things are wrong; the JSON has them all. */
const MOST = 6;

/**
 * Damage first, each on its own line while there is little of it, as every line names somebody else's track. Alike
 * problems beyond that, and alike notices, are one line: every entry twice is one thing to know, not two hundred.
 *
 * @param all every problem on a line of its own
 */
export function problemLines(problems: readonly Problem[], all: boolean): string[] {
  const sorted = [...problems].sort((one, other) => rank(one) - rank(other));
  if (all) return sorted.map((problem) => lineOf(problem, 1));
  const grouped = sorted.filter((problem) => rank(problem) === 0).length > MOST ? 'all' : 'notices';
  const alike = new Map<string, { readonly first: Problem; amount: number }>();
  for (const [position, problem] of sorted.entries()) {
    const alone = grouped === 'notices' && rank(problem) === 0;
    const key = `${problem.severity} ${problem.code}${alone ? ` ${position}` : ''}`;
    const group = alike.get(key);
    if (group) group.amount += 1;
    else alike.set(key, { first: problem, amount: 1 });
  }
  const lines = [...alike.values()].map(({ first, amount }) => lineOf(first, amount));
  const shown = lines.slice(0, MOST);
  if (lines.length > MOST)
    shown.push(`and ${count(lines.length - MOST, 'other kind')}: --verbose lists them`);
  return shown;
}

function rank({ severity }: Problem): number {
  return severity === 'damage' ? 0 : 1;
}

function lineOf({ severity, message }: Problem, amount: number): string {
  const others = amount > 1 ? ` (and ${amount - 1} more like it)` : '';
  return `${severity === 'damage' ? 'damaged' : 'note'}: ${printable(message)}${others}`;
}
