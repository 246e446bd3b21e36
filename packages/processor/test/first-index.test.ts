import { expect, test } from 'vitest';
import { firstIndex } from '../src/first-index.ts';

test('the first for which it holds · for every length and place, and behind the end where it holds for none', () => {
  for (let length = 0; length < 20; length++)
    for (let first = 0; first <= length; first++)
      expect(firstIndex(length, (index) => index >= first)).toBe(first);
});
