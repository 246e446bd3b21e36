import { expect, test } from 'vitest';
import { columnOf, mergedSeconds, SECOND, Seconds } from '../../src/inspect/collect/seconds.ts';

function secondsOf(...seconds: readonly number[]): Seconds {
  const all = new Seconds();
  for (const second of seconds) {
    const place = all.at(second * 1000 + 500);
    all.add(place, SECOND.packets, 1);
    all.raise(place, SECOND.deltaMs, second);
  }
  return all;
}

const column = (rows: Float64Array, name: 'second' | 'packets' | 'deltaMs') =>
  columnOf(rows, SECOND[name], (value) => value);

test.each([
  ['in the order of time', [0, 0, 1, 5, 5, 6]],
  ['one that comes back to an earlier second', [0, 1, 5, 0, 5, 6]],
  ['one that goes back to where nothing was', [5, 6, 1, 0, 5, 0]],
  ['before the recording’s zero', [-2, -1, 5, -2, 6, 6]],
])('seconds · %s: a row each, sorted, with all that they had', (_, seconds) => {
  const rows = secondsOf(...seconds).rows();
  const wanted = [...new Set(seconds)].sort((a, b) => a - b);
  expect(column(rows, 'second')).toEqual(wanted);
  expect(column(rows, 'packets')).toEqual(
    wanted.map((second) => seconds.filter((each) => each === second).length),
  );
});

test('seconds · two lists are one, sums added and the highest kept', () => {
  const rows = mergedSeconds([secondsOf(1, 2, 3).rows(), secondsOf(0, 3, 3, 9).rows()]);
  expect(column(rows, 'second')).toEqual([0, 1, 2, 3, 9]);
  expect(column(rows, 'packets')).toEqual([1, 1, 1, 3, 1]);
  expect(column(rows, 'deltaMs')).toEqual([0, 1, 2, 3, 9]);
});
