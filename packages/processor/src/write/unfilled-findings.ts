import type { Finding } from '../track-problem.ts';
import type { Unfilled } from './filler-allowance.ts';

/** What is told of gaps for which a file has no allowance. */
export function unfilledFindings({ gaps, ms }: Unfilled, filler: 'silence' | 'black'): Finding[] {
  if (gaps === 0) return [];
  const what = gaps === 1 ? '1 gap is' : `${gaps} gaps are`;
  const message = `${what} not filled with ${filler}, ${clock(ms)} in all: filling them would exceed the output limit; the timestamps keep the time (--max-output raises the limit)`;
  return [{ code: 'FILLING_BOUNDED', severity: 'notice', message }];
}

/** `70:30:05` */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => `${value}`.padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
