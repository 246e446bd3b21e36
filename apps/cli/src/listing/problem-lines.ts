import { count } from '../terminal/units.ts';

export interface Problem {
  readonly code: string;
  readonly severity: 'damage' | 'notice';
  readonly message: string;
}

/** Enough to see what kinds of things are wrong; the JSON has them all. */
const MOST = 6;

/**
 * Damage first, alike problems as one line: an archive with every entry twice is one thing to know, not two hundred.
 *
 * @param all every problem on a line of its own
 */
export function problemLines(problems: readonly Problem[], all: boolean): string[] {
  const sorted = [...problems].sort((one, other) => rank(one) - rank(other));
  if (all) return sorted.map((problem) => lineOf(problem, 1));
  const alike = new Map<string, { readonly first: Problem; amount: number }>();
  for (const problem of sorted) {
    const key = `${problem.severity} ${problem.code}`;
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
  return `${severity === 'damage' ? 'damaged' : 'note'}: ${message}${others}`;
}
