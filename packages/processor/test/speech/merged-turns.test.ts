import { expect, test } from 'vitest';
import { mergedTurns } from '../../src/speech/merged-turns.ts';

const turn = ([startMs, endMs]: readonly [number, number]) => ({ startMs, endMs });

type Turns = readonly (readonly [number, number])[];

test.each<[string, readonly Turns[], Turns]>([
  ['nothing', [[], []], []],
  [
    'one after the other',
    [
      [
        [0, 100],
        [900, 1000],
      ],
      [[400, 500]],
    ],
    [
      [0, 100],
      [400, 500],
      [900, 1000],
    ],
  ],
  [
    'at the same time, one within the other',
    [
      [[0, 1000]],
      [
        [200, 300],
        [500, 1200],
      ],
    ],
    [[0, 1200]],
  ],
  ['a pause under 300 ms', [[[0, 100]], [[399, 500]]], [[0, 500]]],
  [
    'a pause of 300 ms',
    [[[0, 100]], [[400, 500]]],
    [
      [0, 100],
      [400, 500],
    ],
  ],
])('turns of several tracks · %s', (_, tracks, merged) => {
  expect(mergedTurns(tracks.map((turns) => turns.map(turn)))).toEqual(merged.map(turn));
});
