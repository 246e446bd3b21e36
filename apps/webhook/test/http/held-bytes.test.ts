import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HeldBytes } from '../../src/http/held-bytes.ts';

const MB = 1024 * 1024;

describe('memory that requests share', () => {
  test('is given up to its bound, to each what is left', () => {
    const held = new HeldBytes();
    const one = held.share(new EventEmitter());
    const two = held.share(new EventEmitter());
    expect([one.add(40 * MB), two.add(24 * MB), one.add(1), two.add(1)]).toEqual([true, true, false, false]);
    expect(held.total).toBe(64 * MB);
  });

  test('comes back when a response closes, whether it was sent or not', async () => {
    const held = new HeldBytes();
    const response = new EventEmitter();
    held.share(response).add(MB);
    response.emit('close');
    await setImmediate();
    expect(held.total).toBe(0);
  });

  test.each(['resolve', 'reject'] as const)(
    'is held until what was begun has ended (%s), answered or not',
    async (end) => {
      const held = new HeldBytes();
      const response = new EventEmitter();
      const share = held.share(response);
      const work = Promise.withResolvers<void>();
      share.add(MB);
      share.until(work.promise);
      response.emit('close');
      await setImmediate();
      expect(held.total).toBe(MB);
      work[end]();
      await setImmediate();
      expect(held.total).toBe(0);
    },
  );
});
