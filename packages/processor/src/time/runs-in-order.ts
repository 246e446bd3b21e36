import { firstIndex } from '../first-index.ts';
import type { RunScan } from './run-scan.ts';
import { AGREEMENT_MS } from './server-clock.ts';

/**
 * The runs of one dump that can all be true: they follow each other in time as they do in the file. Of two that do not, the
 * one with more packets is believed; sources that take turns may overlap by seconds.
 */
export function runsInOrder(runs: readonly RunScan[]): RunScan[] {
  const byWeight = [...runs.keys()].sort((a, b) => packetsOf(runs, b) - packetsOf(runs, a));
  /** Rising places in the file. */
  const kept: number[] = [];
  for (const place of byWeight) {
    const at = firstIndex(kept.length, (index) => (kept[index] ?? 0) >= place);
    const [before, run, after] = [runs[kept[at - 1] ?? -1], runs[place], runs[kept[at] ?? -1]];
    if (run !== undefined && follow(before, run) && follow(run, after)) kept.splice(at, 0, place);
  }
  return kept.flatMap((place) => runs[place] ?? []);
}

const packetsOf = (runs: readonly RunScan[], place: number): number => runs[place]?.packets ?? 0;

const follow = (run: RunScan | undefined, next: RunScan | undefined): boolean =>
  run === undefined || next === undefined || next.firstReceivedMs >= run.lastReceivedMs - AGREEMENT_MS;
