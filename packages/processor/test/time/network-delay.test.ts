import { expect, test } from 'vitest';
import { excessDelays } from '../../src/time/network-delay.ts';

test('clocks that are right but for a network’s delay · half of what is beyond the usual', () => {
  expect(excessDelays([30, 30, 110])).toEqual([0, 0, 40]);
  expect(excessDelays([30, 70, 110])).toEqual([-20, 0, 20]);
});

test('clocks that are wrong, and those that never spoke, tell nothing and are not moved', () => {
  expect(excessDelays([32, -120_000, 1.7e12, undefined, 32])).toEqual([0, 0, 0, 0, 0]);
  expect(excessDelays([undefined])).toEqual([0]);
  expect(excessDelays([])).toEqual([]);
});
