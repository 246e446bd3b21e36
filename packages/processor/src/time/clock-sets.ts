import type { Level, Witness } from './behind-levels.ts';
import { median } from './robust-line.ts';
import { LEAST_STEP_MS, MOST_DELAY_MS, WITNESSES } from './scales.ts';
import { AGREEMENT_MS } from './server-clock.ts';

/** Of each report what the participant's clock was set by before it, and the largest step of which that cannot be told. */
export function setsOf(
  witnesses: readonly Witness[],
  behind: Float64Array,
  levels: readonly Level[],
): { sets: Float64Array; untoldMs: number } {
  const sets = new Float64Array(witnesses.length);
  let untoldMs = 0;
  const right = ({ from, to, valueMs }: Level): Witness[] =>
    witnesses
      .slice(from, to)
      .filter((_, index) => Math.abs((behind[from + index] ?? 0) - valueMs) <= MOST_DELAY_MS);
  for (const [index, level] of levels.entries()) {
    const before = levels[index - 1];
    if (before === undefined) continue;
    const stepMs = level.valueMs - before.valueMs;
    const isStep = Math.abs(stepMs) > LEAST_STEP_MS;
    const byMs = isStep ? setBetween(right(before).reverse(), right(level), stepMs) : 0;
    if (byMs === undefined) untoldMs = Math.max(untoldMs, Math.abs(stepMs));
    // Where nothing tells, only a clock is set by so much.
    const setMs = byMs ?? (Math.abs(stepMs) > AGREEMENT_MS ? stepMs : 0);
    if (setMs !== 0) sets.fill((sets[level.from - 1] as number) + setMs, level.from);
  }
  return { sets, untoldMs };
}

/**
 * What the participant's clock was set by where `behind` makes a step. Reports of streams step against their media time then: where a
 * media clock cannot have stood, that is it. Where it may have, a step of as much is an answer as far as it may.
 *
 * @returns undefined where that cannot be told
 */
function setBetween(
  earlier: readonly Witness[],
  later: readonly Witness[],
  stepMs: number,
): number | undefined {
  const lastOfClocks = nearestOfClocks(earlier);
  let answers = 0;
  const told: number[] = [];
  for (const [clock, next] of nearestOfClocks(later)) {
    const last = lastOfClocks.get(clock);
    if (last === undefined) continue;
    const seenMs = median(next.map(offsetOf)) - median(last.map(offsetOf));
    const stoodMs = (next[0]?.stoodMs ?? 0) - (last[0]?.stoodMs ?? 0);
    if (stoodMs === 0) told.push(Math.abs(seenMs) > LEAST_STEP_MS ? 0 - seenMs : 0);
    const explains = (ms: number) =>
      Math.abs(ms) <= LEAST_STEP_MS ? 2 : Number(ms >= -LEAST_STEP_MS && ms <= stoodMs + LEAST_STEP_MS);
    answers += Math.sign(explains(seenMs + stepMs) - explains(seenMs));
  }
  if (told.length > 0) return median(told);
  if (answers === 0) return undefined;
  return answers > 0 ? stepMs : 0;
}

const offsetOf = ({ report, trueMs }: Witness): number => report.ntpMs - trueMs;

/** The first few of each media clock, up to where it may have stood. */
function nearestOfClocks(witnesses: readonly Witness[]): Map<string, Witness[]> {
  const found = new Map<string, Witness[]>();
  for (const witness of witnesses) {
    const key = `${witness.track} ${witness.clock}`;
    const of = found.get(key) ?? [];
    found.set(key, of);
    if (of.length < WITNESSES && (of[0] ?? witness).stoodMs === witness.stoodMs) of.push(witness);
  }
  return found;
}
