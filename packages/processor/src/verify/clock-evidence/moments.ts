import type { Arrival, Report, Testimony } from './time-witness.ts';

/** Seconds on one side of a report whose least delays are looked at. */
const SECONDS_ASIDE = 3;

/** After a freeze it takes as long as that until packets come as before. */
const SECONDS_TO_SETTLE = 10;

/** What `behind` changes by within this, from one report to the next, is jitter; what reports of one place differ by, too. */
export const JITTER_MS = 20;

/** What is known at the moment of a report. */
export interface Moment {
  readonly atMs: number;
  readonly offMs: number;
  /** Least delays of the seconds before, and behind. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Of more seconds behind. */
  readonly settledMs: number;
}

/** The reports that have arrivals on both sides, and are not wrong by themselves. */
export function momentsOf({ arrivals, reports }: Testimony): Moment[] {
  const moments: Moment[] = [];
  let next = 0;
  const secondAt = (index: number) => Math.floor((arrivals[index]?.atMs ?? Number.POSITIVE_INFINITY) / 1000);
  // Twice, for two in a row may be wrong, each in its own way.
  for (const { atMs, offMs } of reports.filter(hasCompany).filter(hasCompany)) {
    const second = Math.floor(atMs / 1000);
    while (secondAt(next) < second) next++;
    const beforeMs = floorOf(arrivals.slice(Math.max(0, next - SECONDS_ASIDE), next));
    const behind = secondAt(next) === second ? next + 1 : next;
    const afterMs = floorOf(arrivals.slice(behind, behind + SECONDS_ASIDE));
    const settledMs = floorOf(arrivals.slice(behind, behind + SECONDS_TO_SETTLE));
    if (beforeMs === undefined || afterMs === undefined || settledMs === undefined) continue;
    moments.push({ atMs, offMs, beforeMs, afterMs, settledMs });
  }
  return moments;
}

/** The second least: a single receive time may be anything. */
function floorOf(arrivals: readonly Arrival[]): number | undefined {
  const [least, second] = arrivals.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  return second ?? least;
}

/** One that its neighbours agree against is wrong, or was sent where the clock stood. */
function hasCompany({ offMs }: Report, index: number, reports: readonly Report[]): boolean {
  const [before, after] = [reports[index - 1], reports[index + 1]];
  if (before === undefined || after === undefined) return true;
  const [up, down] = [offMs - before.offMs, offMs - after.offMs];
  return Math.abs(agreed(up, down)) <= Math.max(JITTER_MS, Math.abs(up - down));
}

/** What two values with the same sign have in common. */
export function agreed(a: number, b: number): number {
  if (a * b <= 0) return 0;
  return Math.sign(a) * Math.min(Math.abs(a), Math.abs(b));
}
