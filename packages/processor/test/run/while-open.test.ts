import { expect, test } from 'vitest';
import { whileOpen } from '../../src/run/while-open.ts';

const workers = () => {
  const told: string[] = [];
  return { told, [Symbol.asyncDispose]: async () => void told.push('gone') };
};

test('workers · are there for the work, and gone when its result is', async () => {
  const own = workers();
  const result = await whileOpen(own, async ({ told }) => {
    told.push('work');
    return 7;
  });
  expect([result, own.told]).toEqual([7, ['work', 'gone']]);
});

test('workers · go where the work fails, too', async () => {
  const own = workers();
  await expect(whileOpen(own, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(own.told).toEqual(['gone']);
});
