import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fetchText } from '../../src/http/fetch-text.ts';
import { createReceiveApp, type ReceiveAppOptions } from '../../src/http/receive-app.ts';
import { bytesOf, headersOf, KEY, lifeEvent, SECRET } from '../builders/events.ts';
import { Store, serve } from '../builders/receiver.ts';
import { confirmation, signedBySns, TOPIC } from '../builders/sns.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const app = (options: Partial<ReceiveAppOptions> = {}) =>
  createReceiveApp({
    secrets: { [KEY]: SECRET },
    take: new Store().take,
    ready: async () => true,
    onAnswer: () => {},
    ...options,
  });

const get = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json(), headers: response.headers };
};

describe('the receiver as an app', () => {
  test('takes Stream’s events at /webhooks/stream and those of SNS at /webhooks/sns', async () => {
    const json = bytesOf(lifeEvent('started'));
    await using served = await serve(
      app({ topics: { [TOPIC]: KEY }, fetchText: () => Promise.reject(new Error()) }),
    );
    const body = new Uint8Array(json);
    const streams = await get(`${served.url}/webhooks/stream`, {
      method: 'POST',
      body,
      headers: headersOf(json),
    });
    expect([streams.status, streams.body]).toEqual([200, { code: 'taken' }]);
    const message = JSON.stringify(signedBySns(confirmation()));
    const sns = await get(`${served.url}/webhooks/sns`, { method: 'POST', body: message });
    expect(sns.status).toBe(503);
  });

  test('without topics there is nothing at /webhooks/sns', async () => {
    await using served = await serve(app());
    expect((await get(`${served.url}/webhooks/sns`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  test('healthz says that it runs, readyz whether an event could be stored', async () => {
    let ready = async () => true;
    await using served = await serve(app({ ready: () => ready() }));
    expect(await get(`${served.url}/readyz`)).toMatchObject({ status: 200, body: { status: 'ready' } });
    for (const down of [async () => false, () => Promise.reject(new Error('ECONNREFUSED 10.1.2.3:5432'))]) {
      ready = down;
      expect(await get(`${served.url}/readyz`)).toMatchObject({ status: 503, body: { status: 'not ready' } });
    }
    expect(await get(`${served.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('a store that does not answer is not ready', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = Promise.withResolvers<void>();
    const ready = () => {
      asked.resolve();
      return new Promise<boolean>(() => {});
    };
    await using served = await serve(app({ ready }));
    const answer = get(`${served.url}/readyz`);
    await asked.promise;
    vi.advanceTimersByTime(3_000);
    expect((await answer).status).toBe(503);
  });

  test.each(['/other', '/%ff', '/webhooks/stream/other'])('there is nothing at %s', async (path) => {
    await using served = await serve(app());
    const { status, body, headers } = await get(`${served.url}${path}`);
    expect([status, body]).toEqual([404, { code: 'not-found', message: 'There is nothing here' }]);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('a log that fails takes no answer with it, and node warns of it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const error = new Error('log is full');
    const onAnswer = () => {
      throw error;
    };
    await using served = await serve(app({ onAnswer }));
    const json = bytesOf(lifeEvent('started'));
    const init = { method: 'POST', body: new Uint8Array(json), headers: headersOf(json) };
    expect((await get(`${served.url}/webhooks/stream`, init)).status).toBe(200);
    expect(warn).toHaveBeenCalledWith(error);
  });
});

describe('what is fetched for SNS', () => {
  const page = async (answer: (path: string) => { status: number; text: string; location?: string }) => {
    const server = createServer((request, response) => {
      const { status, text, location } = answer(request.url ?? '');
      response.writeHead(status, location === undefined ? {} : { location }).end(text);
    });
    return await new Promise<{ url: string } & AsyncDisposable>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address() as { port: number };
        resolve({
          url: `http://127.0.0.1:${address.port}`,
          async [Symbol.asyncDispose]() {
            server.closeAllConnections();
            server.close();
          },
        });
      });
    });
  };

  test('is a short text', async () => {
    await using served = await page(() => ({ status: 200, text: 'certificate' }));
    expect(await fetchText(served.url)).toBe('certificate');
  });

  test.each<[string, (path: string) => { status: number; text: string; location?: string }, string]>([
    ['an error page', () => ({ status: 503, text: 'down' }), 'answered 503'],
    ['a long text', () => ({ status: 200, text: 'x'.repeat(70_000) }), 'answered with more than 65.5 kB'],
    [
      'a redirect',
      (path) =>
        path === '/' ? { status: 302, text: '', location: '/inside' } : { status: 200, text: 'secret' },
      'fetch failed',
    ],
  ])('is not %s', async (_what, answer, message) => {
    await using served = await page(answer);
    await expect(fetchText(served.url)).rejects.toThrow(message);
  });
});
