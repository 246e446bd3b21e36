import { describe, expect, test } from 'vitest';
import { createRecordingControl, type RecordingControlError, safeBaseUrl } from '../src/index.ts';
import { STANDUP, standIn } from './builders/stand-in.ts';

const claimsOf = (authorization: string | undefined) =>
  JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString()) as {
    server: boolean;
    iat: number;
    exp: number;
  };

describe('the token of a server', () => {
  test('is made for each request, holds for five minutes and was issued a minute ago', async () => {
    const { api, clock, control } = await standIn();
    for (let hour = 0; hour < 3; hour += 1) {
      await control.status(STANDUP);
      const now = Math.floor(clock.now() / 1000);
      expect(claimsOf(api.requests.at(-1)?.headers.authorization)).toEqual({
        server: true,
        iat: now - 60,
        exp: now + 300,
      });
      await clock.sleep(3_600_000, undefined);
    }
    // External storages are asked for by way of another client of the SDK.
    await control.externalStorage.list();
    expect(claimsOf(api.requests.at(-1)?.headers.authorization).exp).toBeGreaterThan(0);
  });

  test.each([-86_400_000, -301_000, 61_000, 86_400_000])(
    'goes by Stream’s clock once this machine’s has turned out to be wrong (%i ms)',
    async (skew) => {
      const { api, clock, sent } = await standIn();
      const { apiKey, secret, url: baseUrl } = api;
      const skewed = { now: () => clock.now() + skew, sleep: clock.sleep };
      const control = createRecordingControl({ apiKey, secret, baseUrl }, { clock: skewed });
      await control.status(STANDUP);
      await control.status(STANDUP);
      expect(sent('GetCall').map(({ status }) => status)).toEqual([401, 200, 200]);
      expect(clock.sleeps).toEqual([]);
    },
  );

  test('is refused at once where another time mends nothing', async () => {
    const { api, control, sent } = await standIn();
    const body = JSON.stringify({ code: 42, message: 'Token used before issued at (iat)' });
    api.fault({ fault: { kind: 'otherAnswer', status: 401, body }, times: 10 });
    await expect(control.status(STANDUP)).rejects.toMatchObject({ code: 'ERR_NOT_PERMITTED' });
    expect(sent('GetCall')).toHaveLength(1);
  });
});

describe('a base URL', () => {
  test.each([
    ['https://video.example', 'https://video.example'],
    ['https://video.example/behind/', 'https://video.example/behind'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.9.9.9/', 'http://127.9.9.9'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
    ['http://LOCALHOST:8080', 'http://localhost:8080'],
  ])('%s is taken', (text, url) => expect(safeBaseUrl(text)).toBe(url));

  test.each([
    'video',
    '',
    'http://video.example',
    'http://127.0.0.1.video.example',
    'http://0.0.0.0',
    'http://192.168.0.1',
    'http://[::2]',
    'https://a:b@video.example',
    'https://video.example?a',
    'https://video.example#a',
    'file:///etc/passwd',
  ])('%s is refused before anything is sent', (baseUrl) => {
    const credentials = { apiKey: 'key', secret: 'secret', baseUrl };
    const refusal = expect.objectContaining<Partial<RecordingControlError>>({ code: 'ERR_UNSAFE_BASE_URL' });
    expect(() => createRecordingControl(credentials)).toThrow(refusal);
  });
});
