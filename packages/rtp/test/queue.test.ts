import { expect, test } from 'vitest';
import { Queue } from '../src/queue.ts';

test('items come out in the order in which they went in, whether it was emptied between or not', () => {
  const queue = new Queue<number>();
  const pulled: (number | undefined)[] = [];
  const pull = (count: number) => {
    for (let left = count; left > 0; left--) pulled.push(queue.pull());
  };
  for (const item of [1, 2, 3]) queue.push(item);
  pull(2);
  queue.push(4);
  pull(3);
  queue.push(5);
  pull(2);
  expect(pulled).toEqual([1, 2, 3, 4, undefined, 5, undefined]);
});
