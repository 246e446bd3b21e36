import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Trouble } from '../../src/service/trouble.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function troubled() {
  const told: string[] = [];
  const trouble = new Trouble(({ level, text }) => told.push(`${level}: ${text}`));
  return { told, trouble };
}
const error = (message: string, code?: string) => Object.assign(new Error(message), { code });

test('a database that is away is told once, whatever fails meanwhile, and once that it is back', async () => {
  const { told, trouble } = troubled();
  let isReady = false;
  trouble.watch(async () => isReady);
  trouble.tell(error('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'));
  trouble.tell(error('terminating connection due to administrator command', '57P01'));
  trouble.tell(new Error('Connection terminated unexpectedly'));
  await vi.advanceTimersByTimeAsync(10_000);
  trouble.tell(error('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'));
  expect(told).toEqual(['error: the database does not answer: connect ECONNREFUSED 127.0.0.1:5432']);
  isReady = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told.slice(1)).toEqual(['info: the database answers again']);
  trouble.tell(error('read ECONNRESET', 'ECONNRESET'));
  expect(told).toHaveLength(3);
  trouble.stop();
});

test('what is wrong otherwise is told, each text once in a minute', async () => {
  const { told, trouble } = troubled();
  for (const message of ['one', 'one', 'two']) trouble.tell(error(message, '23505'));
  expect(told).toEqual(['error: one', 'error: two']);
  await vi.advanceTimersByTimeAsync(61_000);
  trouble.tell(error('one', '23505'));
  expect(told).toHaveLength(3);
});
