import { describe, expect, test } from 'vitest';
import { RETRY_RULES } from '../src/index.ts';
import { retryDelay } from '../src/work/failure-kinds.ts';

const HOUR = 3600;

describe('how long is waited after a failure', () => {
  test('twice as long each time, up to the most', () => {
    const rules = { ...RETRY_RULES, network: { retries: 5, firstSeconds: 10, mostSeconds: 60 } };
    expect([0, 1, 2, 3, 4, 5].map((earlier) => retryDelay(rules, 'network', earlier))).toEqual([
      10,
      20,
      40,
      60,
      60,
      undefined,
    ]);
  });

  test.each(['damaged', 'gone'] as const)('%s is not tried again', (kind) => {
    expect(retryDelay(RETRY_RULES, kind, 0)).toBeUndefined();
  });

  test.each([
    ['network', 16, 30],
    ['disk-full', 40, 60],
    ['configuration', 40, 60],
    ['bug', 0, 1],
    ['lost', 0, 1],
  ] as const)('%s is tried for %d to %d hours', (kind, from, to) => {
    let seconds = 0;
    for (let earlier = 0; ; earlier++) {
      const delay = retryDelay(RETRY_RULES, kind, earlier);
      if (delay === undefined) break;
      seconds += delay;
    }
    expect(seconds).toBeGreaterThanOrEqual(from * HOUR);
    expect(seconds).toBeLessThanOrEqual(to * HOUR);
  });
});
