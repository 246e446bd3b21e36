import { levelPath } from './level-path.ts';
import { LEAST_STEP_MS } from './scales.ts';

/** A report, and when the least delayed packet of its moment came. */
export interface Witness {
  readonly track: number;
  /** Of the track's media clocks the one that it is of. */
  readonly clock: number;
  /** Server's clock: when the least delayed packet near it came, as if it had been sent with it. */
  readonly receivedMs: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
  /** Media time that the stream's clock should have shown, had it run true: steps of the participant's clock show against it. */
  readonly mediaMs: number;
  /** For how long the media clock may have stood until then, all together. */
  readonly stoodMs: number;
}

/** A stretch of reports of which the least delayed packets come about as much later than the participant's clock says. */
export interface Level {
  /** Among the reports. */
  readonly from: number;
  readonly to: number;
  readonly valueMs: number;
}

/** What another level costs, in reports that lie on none: there and back are more than two. */
const LEVEL_COST = 1.4;

const changeCost = (before: number, level: number): number => (before === level ? 0 : LEVEL_COST);

/** A level may begin so many reports before the one that is most like it. */
const AHEAD = 3;

/** Cuts `behind` of reports, in order of time, into levels. */
export function levelsOf(values: readonly number[]): Level[] {
  const path = levelPath(
    values.map((value, index) => ({
      candidates: values.slice(index, index + 1 + AHEAD),
      beginsAnew: false,
      cost: (level: number) => Math.min(1, Math.abs(value - level) / LEAST_STEP_MS),
      change: changeCost,
    })),
  );
  const levels: { from: number; to: number; valueMs: number }[] = [];
  for (const [index, valueMs] of path.entries()) {
    const last = levels.at(-1);
    if (last?.valueMs === valueMs) last.to = index + 1;
    else levels.push({ from: index, to: index + 1, valueMs });
  }
  return levels;
}
