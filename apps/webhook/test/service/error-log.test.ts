import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ErrorLog } from '../../src/service/error-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function loggedErrors() {
  const logged: string[] = [];
  const errors = new ErrorLog(({ level, text }) => logged.push(`${level}: ${text}`));
  return { logged, errors };
}
const error = (message: string, code?: string) => Object.assign(new Error(message), { code });

test('a database that is away is logged once, whatever fails meanwhile, and once that it is back', async () => {
  const { logged, errors } = loggedErrors();
  let isReady = false;
  errors.watch(async () => isReady);
  errors.report(error('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'));
  errors.report(error('terminating connection due to administrator command', '57P01'));
  errors.report(new Error('Connection terminated unexpectedly'));
  await vi.advanceTimersByTimeAsync(10_000);
  errors.report(error('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'));
  expect(logged).toEqual(['error: the database does not answer: connect ECONNREFUSED 127.0.0.1:5432']);
  isReady = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(logged.slice(1)).toEqual(['info: the database answers again']);
  errors.report(error('read ECONNRESET', 'ECONNRESET'));
  expect(logged).toHaveLength(3);
  errors.stop();
});

test('what is wrong otherwise is logged, each text once in a minute', async () => {
  const { logged, errors } = loggedErrors();
  for (const message of ['one', 'one', 'two']) errors.report(error(message, '23505'));
  expect(logged).toEqual(['error: one', 'error: two']);
  await vi.advanceTimersByTimeAsync(61_000);
  errors.report(error('one', '23505'));
  expect(logged).toHaveLength(3);
});
