import { levelPath, type Stages } from './level-path.ts';
import type { PieceReport } from './media-pieces.ts';
import { LEAST_STEP_MS } from './scales.ts';

/** A report, and when the least delayed packet of its moment came. */
export interface Witness {
  readonly track: number;
  readonly report: PieceReport;
  /** Of the track's media clocks the one that it is of. */
  readonly clock: number;
  /** Media time that the stream's clock should have shown, had it run true: steps of the participant's clock show against it. */
  readonly trueMs: number;
  /** Server's clock: when the least delayed packet near it came, as if it had been sent with it. */
  readonly receivedMs: number;
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

/** A level may begin so many reports before the one that is most like it. */
const AHEAD = 3;

/** Cuts `behind` of reports, in order of time, into levels. */
export function levelsOf(values: Float64Array): Level[] {
  const path = levelPath(new Reports(values));
  const levels: { from: number; to: number; valueMs: number }[] = [];
  for (let index = 0; index < path.length; index++) {
    const valueMs = path[index] as number;
    const last = levels.at(-1);
    if (last?.valueMs === valueMs) last.to = index + 1;
    else levels.push({ from: index, to: index + 1, valueMs });
  }
  return levels;
}

/** A stage each. */
class Reports implements Stages {
  readonly count: number;
  readonly #values: Float64Array;

  constructor(values: Float64Array) {
    this.count = values.length;
    this.#values = values;
  }

  beginsAnew(): boolean {
    return false;
  }

  candidates(stage: number, into: number[]): number {
    const count = Math.min(1 + AHEAD, this.count - stage);
    for (let at = 0; at < count; at++) into[at] = this.#values[stage + at] as number;
    return count;
  }

  cost(stage: number, level: number): number {
    return Math.min(1, Math.abs((this.#values[stage] as number) - level) / LEAST_STEP_MS);
  }

  change(_stage: number, before: number, level: number): number {
    return before === level ? 0 : LEVEL_COST;
  }

  leastChange(): number {
    return LEVEL_COST;
  }
}
