import type { Misplaced } from './misplaced.ts';
import type { Testimony } from './time-witness.ts';

/** Participants whose networks delay less than the usual are laid later by up to half of what a network's delay may be (TIME.md). */
const MOST_SHIFT_MS = 110;

/** So many seconds in a row; a single receive time may be anything. */
const FEWEST_SECONDS = 5;

/**
 * Where a track lies later than it was received, which nothing that was captured can. The server's clock may have been set back;
 * reports tell that from a wrong place, so that with them only what is so from the first second to the last is sure.
 */
export function beforeReceived({ arrivals, reports }: Testimony, boundMs: number): Misplaced[] {
  const found: Misplaced[] = [];
  let from = 0;
  const close = (end: number) => {
    const seconds = arrivals.slice(from, end);
    const [first, last] = [seconds[0], seconds.at(-1)];
    const isSure = reports.length === 0 || seconds.length === arrivals.length;
    if (first === undefined || last === undefined || seconds.length < FEWEST_SECONDS || !isSure) return;
    const byMs = seconds.reduce((least, { delayMs }) => Math.min(least, -delayMs), Number.POSITIVE_INFINITY);
    found.push({ fromMs: first.atMs, toMs: last.atMs, byMs });
  };
  for (const [index, { delayMs }] of arrivals.entries()) {
    if (delayMs < -boundMs - MOST_SHIFT_MS) continue;
    close(index);
    from = index + 1;
  }
  close(arrivals.length);
  return found;
}
