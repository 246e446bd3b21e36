import { describe, expect, test } from 'vitest';
import { levelPath, levelPathWithin, type Stages } from '../../src/time/level-path.ts';

/** Stages that say `values`, each at what it is off by; another level costs 5, none where `isFree`. */
const stages = (values: readonly number[], isFree: (stage: number) => boolean = () => false): Stages => ({
  count: values.length,
  beginsAnew: (stage) => stage === 0,
  candidates: (stage, into) => {
    into[0] = values[stage] as number;
    return 1;
  },
  cost: (stage, level) => (isFree(stage) ? 0 : Math.min(4, Math.abs(level - (values[stage] as number)))),
  change: (_stage, before, level) => (before === level ? 0 : 5),
  leastChange: () => 5,
});

describe('the path of least cost', () => {
  test('goes on through what only one stage says, and follows what several do', () => {
    expect([...levelPath(stages([0, 0, 9, 0, 0]))]).toEqual([0, 0, 0, 0, 0]);
    expect([...levelPath(stages([0, 0, 9, 9, 9]))]).toEqual([0, 0, 9, 9, 9]);
  });

  test('says how far another level is that costs little more, where the stages leave it open', () => {
    const { levels, apart } = levelPathWithin(
      stages([0, 0, 50, 50, 50, 0, 0, 0], (index) => index === 4),
      4,
    );
    expect([...levels]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...apart]).toEqual([0, 0, 50, 50, 50, 0, 0, 0]);
  });

  test('is certain of what every stage says', () => {
    const { apart } = levelPathWithin(stages([0, 0, 0, 50, 50, 50]), 3);
    expect([...apart]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
