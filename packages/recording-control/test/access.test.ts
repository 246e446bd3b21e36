import { startStreamApi } from '@rawreel/stream-api';
import { expect, onTestFinished, test } from 'vitest';
import { createRecordingControl } from '../src/index.ts';
import { standIn, testClock } from './builders/stand-in.ts';

test('key and secret open the app, by one request', async () => {
  const { control, operations } = await standIn();
  const { clockOffsetMs = Number.NaN } = await control.access();
  // In whole seconds, as answers are dated.
  expect(Math.abs(clockOffsetMs)).toBeLessThanOrEqual(1000);
  expect(operations()).toEqual(['ListCallTypes']);
});

test('an hour between the clocks is told, and got over', async () => {
  const clock = testClock();
  const api = await startStreamApi({ now: () => clock.now() - 3600_000 });
  onTestFinished(() => api.stop());
  const { apiKey, secret, url: baseUrl } = api;
  const control = createRecordingControl({ apiKey, secret, baseUrl }, { clock });
  const { clockOffsetMs = Number.NaN } = await control.access();
  expect(Math.round(clockOffsetMs / 10_000)).toBe(-360);
});

test.each([
  [{ secret: 'wrong' }, 'Token signature is invalid'],
  [{ apiKey: 'wrong' }, 'api_key not valid'],
])('%j is refused in words that say which', async (wrong, words) => {
  const { api } = await standIn();
  const { apiKey, secret, url: baseUrl } = api;
  const control = createRecordingControl({ apiKey, secret, baseUrl, ...wrong });
  await expect(control.access()).rejects.toMatchObject({
    code: 'ERR_NOT_PERMITTED',
    message: expect.stringContaining(words),
  });
});
