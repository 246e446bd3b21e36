import { describe, expect, test } from 'vitest';
import { FrameIntervals } from '../../src/write/frame-intervals.ts';

function after(...times: readonly (number | 'gap')[]): number {
  const intervals = new FrameIntervals();
  for (const time of times) {
    if (time === 'gap') intervals.startAnew();
    else intervals.see(time);
  }
  return intervals.usualMs;
}

describe('frame intervals', () => {
  test.each([
    ['of one frame: 25 a second', [0], 40],
    ['of two', [0, 33], 33],
    ['the median of uneven ones', [0, 30, 64, 90, 190], 34],
    ['in the order of showing, not of decoding', [0, 100, 33, 67, 200, 133, 167], 33],
    ['without the time over a gap', [0, 40, 80, 'gap', 5000], 40],
    ['with those before a gap while there are few behind it', [0, 10, 20, 30, 40, 'gap', 900, 990, 1080], 10],
    [
      'with the latest before a gap to make up nine',
      [...Array.from({ length: 8 }, (_, n) => n * 10), 170, 270, 'gap', 900, 990, 1080, 1170],
      90,
    ],
    ['over two gaps', [0, 10, 20, 'gap', 500, 530, 560, 590, 'gap', 900, 930], 30],
    ['two frames of one time are no interval', [0, 0, 20], 20],
    [
      'of the last nine only',
      [...Array.from({ length: 10 }, (_, n) => n * 10), 190, 290, 390, 490, 590, 690],
      100,
    ],
  ] as const)('%s', (_, times, expected) => {
    expect(after(...times)).toBe(expected);
  });
});
