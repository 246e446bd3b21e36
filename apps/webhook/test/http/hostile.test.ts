import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bytesOf, headersOf, KEY, lifeEvent, readyEvent, sign } from '../builders/events.ts';
import { head, RawClient, type Receiver, serveRouter } from '../builders/receiver.ts';

const STARTED = bytesOf(lifeEvent('started'));
const MB = 1024 * 1024;
const GB = 1024 * MB;

const clients: RawClient[] = [];
const client = (port: number): RawClient => {
  const made = new RawClient(port);
  clients.push(made);
  return made;
};
afterEach(() => {
  vi.useRealTimers();
  for (const one of clients.splice(0)) one.destroy();
});

/** A whole request, signed. */
const request = (json: Uint8Array, headers: Record<string, string | number> = {}): Buffer =>
  Buffer.concat([Buffer.from(head({ ...headersOf(json), 'content-length': json.length, ...headers })), json]);

describe('hostile requests · answers', () => {
  test('chunked without a length, byte by byte', async () => {
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    await sender.say(head({ ...headersOf(STARTED), 'transfer-encoding': 'chunked' }));
    for (const byte of STARTED) await sender.say(`1\r\n${String.fromCharCode(byte)}\r\n`);
    await sender.say('0\r\n\r\n');
    expect(await sender.statuses(1)).toEqual([200]);
    expect(receiver.store.facts).toHaveLength(1);
  });

  test('fifty requests in one go are answered in order, each as it is', async () => {
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    const events = Array.from({ length: 50 }, (_, at) =>
      bytesOf(lifeEvent('started', { egress_id: `e${at}` })),
    );
    const requests = events.map((json, at) =>
      request(json, at % 10 === 3 ? { 'x-signature': sign('other') } : {}),
    );
    await sender.say(Buffer.concat(requests));
    expect(await sender.statuses(50)).toEqual(events.map((_, at) => (at % 10 === 3 ? 401 : 200)));
    expect(receiver.store.facts).toHaveLength(45);
  });

  test('a body that was refused unread does not become the next request', async () => {
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    const smuggled = request(STARTED);
    const refused = head({
      'x-api-key': 'unknown',
      'x-signature': sign(''),
      'content-length': smuggled.length,
    });
    await sender.say(Buffer.concat([Buffer.from(refused), smuggled, request(bytesOf({ type: 'next' }))]));
    expect(await sender.statuses(2)).toEqual([503, 200]);
    expect(receiver.store.events.map(({ type }) => type)).toEqual(['next']);
  });

  const line = (name: string, value: string | number) => `${name}: ${value}\r\n`;
  const length = line('content-length', STARTED.length);
  const key = line('x-api-key', KEY);
  const signature = line('x-signature', sign(STARTED));

  test.each<[string, number, string]>([
    ['the key twice', 401, `${key}${key}${signature}${length}`],
    ['another key first', 401, `${line('x-api-key', 'other')}${key}${signature}${length}`],
    ['the signature twice', 401, `${key}${signature}${signature}${length}`],
    [
      'the webhook’s id twice',
      200,
      `${key}${signature}${length}${line('x-webhook-id', 1)}${line('x-webhook-id', 2)}`,
    ],
    ['two lengths', 400, `${key}${signature}${length}${line('content-length', 5)}`],
    ['a length and chunks', 400, `${key}${signature}${length}${line('transfer-encoding', 'chunked')}`],
    ['headers without end', 431, `${key}${signature}${length}${line('x-filler', 'x'.repeat(20_000))}`],
  ])('%s: %i', async (_what, status, headers) => {
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    await sender.say(`POST /hook HTTP/1.1\r\nHost: x\r\n${headers}\r\n${STARTED}`);
    expect((await sender.statuses(1))[0]).toBe(status);
    expect(receiver.store.events).toHaveLength(status === 200 ? 1 : 0);
  });

  test('whoever sends too much can read so', async () => {
    await using receiver = await serveRouter();
    for (const size of [2 * MB, 12 * MB]) {
      const body = new Uint8Array(size);
      const response = await fetch(`${receiver.url}/hook`, {
        method: 'POST',
        body,
        headers: headersOf(STARTED),
      });
      expect([response.status, await response.json()]).toEqual([
        413,
        { code: 'body-too-large', message: 'The body is larger than 1.0 MB' },
      ]);
    }
  });

  test('a sender who goes in the middle of a body is nobody’s fault', async () => {
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    await sender.say(request(STARTED).subarray(0, -5));
    sender.destroy();
    await sender.closed();
    const other = client(receiver.port);
    await other.say(request(STARTED));
    expect(await other.statuses(1)).toEqual([200]);
    expect(receiver.answers.map(({ code }) => code)).toEqual(['taken']);
  });
});

describe('hostile requests · slow bodies', () => {
  /** Requests that are under way when the clock is turned. */
  const started = async (receiver: Receiver, sender: RawClient, bytes: Uint8Array | string) => {
    await sender.say(bytes);
    // The server has read as far as the same connection's neighbour, which came later, has been answered.
    const neighbour = client(receiver.port);
    await neighbour.say(request(bytesOf({ type: 'neighbour' })));
    await neighbour.statuses(1);
  };

  test('one that never ends is answered 408 and cut off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using receiver = await serveRouter();
    const sender = client(receiver.port);
    await started(receiver, sender, request(STARTED).subarray(0, -1));
    vi.advanceTimersByTime(5_999);
    expect(receiver.answers).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(await sender.statuses(1)).toEqual([408]);
    await sender.closed();
  });

  test.each<[string, Record<string, string | number>, number]>([
    ['too large by its own word', { ...headersOf(STARTED), 'content-length': 2 * MB }, 413],
    ['of an unknown key', { ...headersOf(STARTED), 'x-api-key': 'unknown', 'content-length': 100 }, 503],
    ['without a signature', { 'x-api-key': KEY, 'content-length': 100 }, 401],
  ])(
    'one that is %s is answered before it comes, and cut off if it never does',
    async (_what, headers, status) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      await using receiver = await serveRouter();
      const sender = client(receiver.port);
      await sender.say(head(headers));
      expect(await sender.statuses(1)).toEqual([status]);
      vi.advanceTimersByTime(6_000);
      await sender.closed();
    },
  );
});

describe('hostile requests · memory', () => {
  let child: ChildProcess;
  let port: number;

  const ask = async (): Promise<number> => {
    child.send('memory');
    const [bytes] = (await once(child, 'message')) as [number];
    return bytes;
  };
  /** How much more memory it ever had, after this. */
  const growth = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await ask();
    await work();
    return (await ask()) - before;
  };
  const send = async (headers: Record<string, string>, body: Uint8Array<ArrayBuffer>) =>
    (await fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', headers, body })).status;

  beforeAll(async () => {
    child = fork(fileURLToPath(new URL('../builders/receiver-process.ts', import.meta.url)), {
      execArgv: [],
    });
    [port] = (await once(child, 'message')) as [number];
    for (let at = 0; at < 200; at += 1) await send(headersOf(STARTED), new Uint8Array(STARTED));
  });
  afterAll(async () => {
    child.disconnect();
    await once(child, 'exit');
  });
  afterEach(async () => {
    const json = bytesOf(lifeEvent('stopped', { padding: 'x'.repeat(900_000) }));
    expect(await send(headersOf(json), new Uint8Array(json))).toBe(200);
  });

  const zeros = Buffer.alloc(MB);

  test.each<[string, Record<string, string | number>, (count: number) => string, string]>([
    ['declared', { 'content-length': GB }, () => '', ''],
    ['in chunks', { 'transfer-encoding': 'chunked' }, (count) => `${count.toString(16)}\r\n`, '\r\n'],
  ])('a gigabyte of zeros, %s: 413', async (_what, headers, before, after) => {
    const sender = client(port);
    const chunk = Buffer.concat([Buffer.from(before(MB)), zeros, Buffer.from(after)]);
    const grown = await growth(async () => {
      await sender.say(head({ ...headersOf(STARTED), ...headers }));
      for (let sent = 0; sent < GB; sent += MB) await sender.say(chunk);
      expect((await sender.statuses(1))[0]).toBe(413);
    });
    expect(grown).toBeLessThan(64 * MB);
  });

  test('a gigabyte of zeros in gzip, declared or not, and gzip in gzip: 413 and 400', async () => {
    const part = gzipSync(Buffer.alloc(16 * MB));
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 64 }, () => part)));
    const nested = new Uint8Array(gzipSync(bomb));
    const declared = { ...headersOf(STARTED), 'content-encoding': 'gzip' };
    const statuses: number[] = [];
    const grown = await growth(async () => {
      for (let at = 0; at < 10; at += 1) {
        statuses.push(await send(headersOf(STARTED), bomb), await send(declared, bomb));
        statuses.push(await send(headersOf(STARTED), nested), await send(declared, nested));
      }
    });
    expect(new Set(statuses)).toEqual(new Set([413, 400]));
    expect(statuses.filter((status) => status === 413)).toHaveLength(20);
    expect(grown).toBeLessThan(64 * MB);
  });

  test('wrong keys by the thousand: 503 each, and none is cachedQuery', async () => {
    const sender = client(port);
    const grown = await growth(async () => {
      for (let at = 0; at < 20; at += 1) {
        const batch = Array.from({ length: 1_000 }, (_, one) =>
          request(STARTED, { 'x-api-key': `key-${at}-${one}` }),
        );
        await sender.say(Buffer.concat(batch));
        expect(new Set(await sender.statuses((at + 1) * 1_000))).toEqual(new Set([503]));
      }
    });
    expect(grown).toBeLessThan(64 * MB);
  });

  test('signed null, and ids of hundreds of kilobytes, by the hundred: 400 each', async () => {
    const huge = 'x'.repeat(900_000);
    const bodies = [
      bytesOf(null),
      bytesOf([]),
      bytesOf(lifeEvent('started', { egress_id: huge })),
      bytesOf(lifeEvent('started', { call_cid: `default:${huge}` })),
      bytesOf(readyEvent({}, { session_id: huge })),
      bytesOf(readyEvent({}, { filename: huge })),
    ].map((json) => ({ headers: headersOf(json), body: new Uint8Array(json) }));
    const statuses: number[] = [];
    const grown = await growth(async () => {
      for (let at = 0; at < 50; at += 1)
        for (const { headers, body } of bodies) statuses.push(await send(headers, body));
    });
    expect(statuses).toHaveLength(300);
    expect(new Set(statuses)).toEqual(new Set([400]));
    expect(grown).toBeLessThan(64 * MB);
  });

  test('one event, replayed ten thousand times: 200 each, and nothing is cachedQuery of it but once', async () => {
    const sender = client(port);
    const grown = await growth(async () => {
      for (let at = 0; at < 10; at += 1) {
        const batch = Array.from({ length: 1_000 }, (_, one) =>
          request(STARTED, { 'x-webhook-id': `${at}-${one}` }),
        );
        await sender.say(Buffer.concat(batch));
        expect(new Set(await sender.statuses((at + 1) * 1_000))).toEqual(new Set([200]));
      }
    });
    expect(grown).toBeLessThan(64 * MB);
  });

  test('two hundred connections that send header after header: 431, and they are cut off', async () => {
    const flood = 'x-filler: of no use\r\n'.repeat(1000);
    const senders = Array.from({ length: 200 }, () => client(port));
    const grown = await growth(async () => {
      await Promise.all(
        senders.map(async (sender) => {
          await sender.say(`POST /hook HTTP/1.1\r\nHost: x\r\n${flood}`);
          expect(await sender.statuses(1)).toEqual([431]);
          await sender.closed();
        }),
      );
    });
    expect(grown).toBeLessThan(64 * MB);
  });

  test('two hundred connections that stop a byte before the end: what is too much for all is 503', async () => {
    const json = Buffer.alloc(MB, 0x20);
    const open = request(json).subarray(0, -1);
    const senders = Array.from({ length: 200 }, () => client(port));
    const answered: number[] = [];
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const grown = await growth(async () => {
      for (const sender of senders) {
        void sender.statuses(1).then(([status = 0]) => {
          if (answered.push(status) === 200 - 64) resolve();
        });
      }
      await Promise.all(senders.map((sender) => sender.say(open)));
      await enough;
    });
    expect(new Set(answered)).toEqual(new Set([503]));
    expect(answered.length).toBeLessThan(200);
    expect(grown).toBeLessThan(200 * MB);
    for (const sender of senders) sender.destroy();
    // Stream comes again as well, until the server has seen that they are gone.
    while ((await send(headersOf(STARTED), new Uint8Array(STARTED))) !== 200);
  });
});
