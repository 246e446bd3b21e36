import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRemoteObject } from '../src/index.ts';
import {
  bytesOf,
  cacheFolder,
  failure,
  HASTY,
  leftIn,
  MiB,
  open,
  serve,
  served,
} from './builders/objects.ts';
import {
  type Handler,
  honest,
  makeCertificate,
  rangeOf,
  send,
  sentBy,
  startServer,
  type TestServer,
} from './builders/server.ts';

const refusing =
  (status: number, body = '', headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

const s3Error = (code: string, message = '') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** What comes first gets the first handler, and so on; the last one stays. */
function inTurn(...handlers: Handler[]): Handler {
  return (request, response) => {
    const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
    handler?.(request, response);
  };
}

/** Ends the connection after so many bytes of the body. */
function breaking(after: number, then: Handler): Handler {
  return (request, response) => {
    const write = response.write.bind(response);
    let sent = 0;
    response.write = ((chunk: Buffer) => {
      sent += chunk.length;
      if (sent <= after) return write(chunk);
      // What was written before has to arrive before it breaks.
      setImmediate(() => response.socket?.destroySoon());
      return false;
    }) as typeof response.write;
    then(request, response);
  };
}

const ignoringRanges =
  (then: Handler): Handler =>
  (request, response) => {
    delete request.headers.range;
    then(request, response);
  };

async function whole(server: TestServer, total: number, path = '') {
  const opened = await open(server.origin + path, { cacheFolder: await cacheFolder() });
  return { ...opened, bytes: Buffer.from(await opened.object.read(0, total)) };
}

describe('awkward server · gets in the end', () => {
  test('breaks mid-range: what has come of a part is kept, and only the rest asked for again', async () => {
    const object = served(9 * MiB);
    const server = await serve(object);
    const { object: remote, events } = await open(server.origin, { cacheFolder: await cacheFolder() });
    server.handler = inTurn(breaking(3 * MiB, honest(object)), honest(object));
    expect(Buffer.from(await remote.read(0, 8 * MiB)).equals(object.bytes.subarray(0, 8 * MiB))).toBe(true);
    expect(remote.transferred).toBe(8 * MiB);
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(1);
  });

  test('breaks again and again: with progress between, more often than anything is tried', async () => {
    const object = served(8 * MiB);
    const server = await serve(breaking(MiB, honest(object)));
    const { object: remote, bytes, events } = await whole(server, 8 * MiB);
    expect(bytes.equals(object.bytes)).toBe(true);
    expect(remote.transferred).toBe(8 * MiB);
    expect(events.filter(({ type }) => type === 'retry').length).toBeGreaterThan(HASTY.retry.attempts);
  });

  test('stalls: the connection is given up, and the rest asked for again', async () => {
    // Only these two stalls take their time: on a busy machine any answer may.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const object = served(4 * MiB);
    const server = await serve(object);
    const { object: remote, events } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
      stallMs: 300,
    });
    const retries = () => events.filter(({ type }) => type === 'retry');
    const stalled = async (times: number) => {
      while (retries().length < times) {
        vi.advanceTimersByTime(300);
        await nextTurn();
      }
    };
    const silence = async () => {
      while (remote.transferred < MiB) await nextTurn();
      await stalled(2);
    };
    const stalling: Handler = (request, response) => {
      const { from, to } = rangeOf(request) ?? { from: 0, to: 0 };
      response.writeHead(206, {
        etag: object.etag,
        'content-range': `bytes ${from}-${to - 1}/${object.bytes.length}`,
      });
      send(response, object.bytes.subarray(from, from + MiB), () => void silence());
    };
    server.handler = inTurn(() => void stalled(1), stalling, honest(object));
    expect(Buffer.from(await remote.read(0, 4 * MiB)).equals(object.bytes)).toBe(true);
    expect(remote.transferred).toBe(4 * MiB);
    expect(retries()).toMatchObject([
      { reason: 'nothing came for 0.3 s' },
      { reason: 'nothing came for 0.3 s' },
    ]);
  });

  test('answers 503, then 500: tried again', async () => {
    const object = served(MiB);
    const server = await serve(inTurn(refusing(503), refusing(500), honest(object)));
    const { bytes, events } = await whole(server, MiB);
    expect(bytes.equals(object.bytes)).toBe(true);
    expect(events.filter(({ type }) => type === 'retry')).toMatchObject([
      { reason: 'status 503', attempt: 1 },
      { reason: 'status 500', attempt: 2 },
    ]);
  });

  test('answers 429 with Retry-After: waits so long at least, and no longer than the bound', async () => {
    const object = served(MiB);
    const handler = inTurn(refusing(429, '', { 'retry-after': '1' }), honest(object));
    const server = await serve(handler);
    const { events } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
      retry: { attempts: 2, baseMs: 1, maxMs: 20 },
    });
    expect(events.filter(({ type }) => type === 'retry')).toMatchObject([{ attempt: 1, waitMs: 20 }]);
  });

  test('ignores ranges: says so, and all of it comes over one connection while it is read', async () => {
    const object = served(20 * MiB);
    const server = await serve(ignoringRanges(honest(object)));
    const { object: remote, events } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
    });
    const reads = [15 * MiB, 0, 3 * MiB].map((at) => remote.read(at, 1000));
    for (const [index, at] of [15 * MiB, 0, 3 * MiB].entries()) {
      expect(Buffer.from((await reads[index]) ?? []).equals(object.bytes.subarray(at, at + 1000))).toBe(true);
    }
    await remote.ensure(0, 20 * MiB);
    expect(server.asked).toHaveLength(1);
    expect(remote.transferred).toBe(20 * MiB);
    expect(events.filter(({ type }) => type === 'no-ranges')).toHaveLength(1);
  });

  test('ignores ranges and breaks: begins anew, and what comes again has to be the same', async () => {
    const object = served(6 * MiB);
    const server = await serve(ignoringRanges(inTurn(breaking(4 * MiB, honest(object)), honest(object))));
    const { bytes, events } = await whole(server, 6 * MiB);
    expect(bytes.equals(object.bytes)).toBe(true);
    expect(sentBy(server)).toBeGreaterThan(6 * MiB);
    expect(events.filter(({ type }) => type === 'no-ranges')).toHaveLength(1);
  });

  test('begins to ignore ranges when several parts are on their way', async () => {
    const object = served(40 * MiB);
    const server = await serve(object);
    const { object: remote } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
    });
    server.handler = ignoringRanges(honest(object));
    expect(Buffer.from(await remote.read(0, 40 * MiB)).equals(object.bytes)).toBe(true);
  });

  test('begins to ignore ranges when its end is asked for: all of it comes, once', async () => {
    const object = served(20 * MiB);
    const server = await serve(object);
    const { object: remote, events } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
    });
    server.handler = ignoringRanges(honest(object));
    server.asked.length = 0;
    const [end, start] = await Promise.all([remote.read(20 * MiB - 10, 10), remote.read(5 * MiB, 10)]);
    expect(Buffer.from(end).equals(object.bytes.subarray(-10))).toBe(true);
    expect(Buffer.from(start).equals(object.bytes.subarray(5 * MiB, 5 * MiB + 10))).toBe(true);
    await remote.ensure(0, 20 * MiB);
    expect(events.filter(({ type }) => type === 'no-ranges')).toHaveLength(1);
    expect(remote.transferred).toBeLessThan(41 * MiB);
  });

  test('a small object that comes whole where a part was asked for is no failure of ranges', async () => {
    const server = await serve(ignoringRanges(honest(served(5000))));
    const { events } = await whole(server, 5000);
    expect(events).not.toContainEqual({ type: 'no-ranges' });
  });

  test('gives a part that is shorter than what was asked for: the rest is asked for', async () => {
    const object = served(MiB);
    const server = await serve((request, response) => {
      const { from, to } = rangeOf(request) ?? { from: 0, to: 0 };
      request.headers.range = `bytes=${from}-${Math.min(to, from + 100_000) - 1}`;
      honest(object)(request, response);
    });
    const { object: remote, bytes } = await whole(server, MiB);
    expect(bytes.equals(object.bytes)).toBe(true);
    expect(remote.transferred).toBe(MiB);
  });

  test('calls a part the whole by its status: its Content-Range counts', async () => {
    const object = served(3 * MiB);
    const server = await serve((request, response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = ((status: number, headers: Record<string, string>) =>
        writeHead(status === 206 ? 200 : status, headers)) as typeof response.writeHead;
      honest(object)(request, response);
    });
    const { object: remote, bytes, events } = await whole(server, 3 * MiB);
    expect(bytes.equals(object.bytes)).toBe(true);
    expect(remote.byteLength).toBe(3 * MiB);
    expect(events).not.toContainEqual({ type: 'no-ranges' });
  });

  test('compresses what it was asked for as it is: inflated on the way, length known at the end', async () => {
    const bytes = bytesOf(3 * MiB);
    const compressed = gzipSync(bytes);
    const gzip: Handler = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', etag: '"z"' });
      send(response, compressed);
    };
    const server = await serve(inTurn(breaking(2 * MiB, gzip), gzip));
    const { object, bytes: read, events } = await whole(server, 4 * MiB);
    expect(object.byteLength).toBe(3 * MiB);
    expect(read.equals(bytes)).toBe(true);
    expect(object.transferred).toBeGreaterThan(compressed.length);
    expect(events).toContainEqual({ type: 'no-ranges' });
  });

  test('sends the whole without its length: known at the end', async () => {
    const { bytes } = served(3 * MiB);
    const server = await serve((_, response) => {
      response.writeHead(200);
      send(response, bytes);
    });
    const { object, bytes: read } = await whole(server, 4 * MiB);
    expect(object.byteLength).toBe(3 * MiB);
    expect(read.equals(bytes)).toBe(true);
  });

  test('stores it with an encoding: a part is of what is stored', async () => {
    const object = served(MiB);
    const server = await serve((request, response) => {
      response.setHeader('content-encoding', 'gzip');
      honest(object)(request, response);
    });
    expect((await whole(server, MiB)).bytes.equals(object.bytes)).toBe(true);
  });
});

describe('awkward server · redirects', () => {
  const to =
    (location: string, status = 302): Handler =>
    (_, response) => {
      response.writeHead(status, { location }).end();
    };

  test('are followed, five times', async () => {
    const object = served(MiB);
    const server = await serve((request, response) => {
      const hops = Number(request.url?.slice(1));
      if (hops > 0) to(`/${hops - 1}`, [301, 302, 303, 307, 308][hops % 5])(request, response);
      else honest(object)(request, response);
    });
    expect((await whole(server, MiB, '/5')).bytes.equals(object.bytes)).toBe(true);
    const error = await failure(
      openRemoteObject(`${server.origin}/6`, { ...HASTY, cacheFolder: await cacheFolder() }),
    );
    expect(error).toMatchObject({ code: 'ERR_BAD_ANSWER', message: expect.stringContaining('5 times') });
  });

  test('from https to http are refused, except to loopback', async () => {
    const object = served(MiB);
    const plain = await serve(object, 'http');
    const server = await serve(to(plain.origin));
    expect((await whole(server, MiB)).bytes.equals(object.bytes)).toBe(true);
    server.handler = to('http://example.com/x?sig=secret');
    const error = await failure(
      openRemoteObject(server.origin, { ...HASTY, cacheFolder: await cacheFolder() }),
    );
    expect(error.code).toBe('ERR_BAD_ANSWER');
    expect(error.message).toMatch(/redirects from https to http \(example\.com\)/);
  });

  test('a password in the address goes to its own host, and to no other', async () => {
    const object = served(MiB);
    const other = await serve(object, 'http');
    const server = await serve(to(`http://user:other@${other.origin.slice('http://'.length)}/`));
    const address = server.origin.replace('//', '//me:pass%20word@');
    const { object: remote } = await open(address, { cacheFolder: await cacheFolder() });
    expect(server.asked[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('me:pass word').toString('base64')}`,
    );
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
    expect(remote.description).not.toMatch(/me|pass/);
  });
});

describe('awkward server · fails with a name', () => {
  const past = 'X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=secret';
  const silent: Handler = () => {};
  const cases: [string, Handler, string, string][] = [
    [
      '403, expired by its own words',
      refusing(403, s3Error('AccessDenied', 'Request has expired')),
      '',
      'ERR_LINK_EXPIRED',
    ],
    ['400 ExpiredToken', refusing(400, s3Error('ExpiredToken')), '', 'ERR_LINK_EXPIRED'],
    ['403 of a link whose time is over', refusing(403), `?${past}`, 'ERR_LINK_EXPIRED'],
    ['403', refusing(403, s3Error('AccessDenied')), '?X-Amz-Signature=secret', 'ERR_ACCESS_DENIED'],
    ['401', refusing(401), '', 'ERR_ACCESS_DENIED'],
    ['404', refusing(404, s3Error('NoSuchKey')), '', 'ERR_OBJECT_NOT_FOUND'],
    ['301 without a place', refusing(301, s3Error('PermanentRedirect')), '', 'ERR_WRONG_REGION'],
    [
      '400 AuthorizationHeaderMalformed',
      refusing(400, s3Error('AuthorizationHeaderMalformed')),
      '',
      'ERR_WRONG_REGION',
    ],
    ['503 for ever', refusing(503), '', 'ERR_BAD_ANSWER'],
    ['400', refusing(400), '', 'ERR_BAD_ANSWER'],
    [
      'an encoding that nobody asked for',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end('x'),
      '',
      'ERR_BAD_ANSWER',
    ],
    [
      'a part that it does not name',
      (_, response) => void response.writeHead(206, { etag: '"x"' }).end('x'),
      '',
      'ERR_BAD_ANSWER',
    ],
    [
      'another part',
      (_, response) => void response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('12345'),
      '',
      'ERR_BAD_ANSWER',
    ],
    ['no answer at all', silent, '', 'ERR_UNREACHABLE'],
    ['a connection that breaks', (_, response) => void response.socket?.destroy(), '', 'ERR_UNREACHABLE'],
  ];

  test.each(cases)('%s', async (_, handler, query, code) => {
    const server = await serve(handler);
    const folder = await cacheFolder();
    const address = `${server.origin}/call.zip${query}`;
    const options = { ...HASTY, stallMs: handler === silent ? 300 : undefined, cacheFolder: folder };
    const error = await failure(openRemoteObject(address, options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`${server.origin}/call.zip `);
    expect(error.message).not.toContain('\n');
    expect(error.hint).not.toBe('');
    expect(`${error.message}${error.hint}${error.cause}`).not.toContain('secret');
    expect(await leftIn(folder)).toEqual([]);
  });

  test('a host that nobody has, a port where nobody listens, a certificate that nobody signed', async () => {
    const options = { ...HASTY, cacheFolder: await cacheFolder() };
    const refused = await failure(openRemoteObject('http://127.0.0.1:2', options));
    expect(refused).toMatchObject({
      code: 'ERR_UNREACHABLE',
      message: expect.stringContaining('nothing listens'),
    });
    const unknown = await failure(openRemoteObject('https://nobody.invalid/x', options));
    expect(unknown.code).toBe('ERR_UNREACHABLE');
    const unsigned = await startServer('https', honest(served(10)), makeCertificate());
    const untrusted = await failure(openRemoteObject(unsigned.origin, options));
    await unsigned.close();
    expect(untrusted).toMatchObject({
      code: 'ERR_UNREACHABLE',
      message: expect.stringContaining('certificate is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)'),
    });
    expect(unsigned.asked).toEqual([]);
  });

  test('an ETag that changes mid-way: nothing of the new one is taken', async () => {
    const [old, changed] = [served(20 * MiB), served(20 * MiB, 1)];
    const server = await serve(old);
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    await object.ensure(0, 2 * MiB);
    // Refused by a server that knows If-Match, noticed with one that does not.
    for (const ignoresCondition of [false, true]) {
      server.handler = (request, response) => {
        if (ignoresCondition) delete request.headers['if-match'];
        honest(changed)(request, response);
      };
      const error = await failure(object.ensure(10 * MiB, MiB));
      expect(error.code).toBe('ERR_OBJECT_CHANGED');
    }
    expect(Buffer.from(await object.read(0, 2 * MiB)).equals(old.bytes.subarray(0, 2 * MiB))).toBe(true);
  });

  test('a date that changes mid-way, where there is no ETag', async () => {
    const { bytes } = served(2 * MiB);
    const server = await serve({ bytes, lastModified: 'Fri, 20 Nov 2026 09:30:00 GMT' });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    server.handler = honest({ bytes, lastModified: 'Fri, 20 Nov 2026 09:30:01 GMT' });
    expect((await failure(object.ensure(MiB, MiB))).code).toBe('ERR_OBJECT_CHANGED');
  });

  test('other bytes where the whole begins anew, without ETag and date', async () => {
    const [old, changed] = [bytesOf(4 * MiB), bytesOf(4 * MiB, 1)];
    const server = await serve(
      ignoringRanges(inTurn(breaking(2 * MiB, honest({ bytes: old })), honest({ bytes: changed }))),
    );
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    expect((await failure(object.ensure(0, 4 * MiB))).code).toBe('ERR_OBJECT_CHANGED');
  });

  const lies: [string, (from: number, to: number, total: number) => Record<string, string | number>][] = [
    ['a shorter Content-Length than its range', (from, to) => ({ 'content-length': to - from - 5 })],
    ['a longer Content-Length than its range', (from, to) => ({ 'content-length': to - from + 5 })],
    [
      'another length of the whole',
      (from, to, total) => ({ 'content-range': `bytes ${from}-${to - 1}/${total + 5}` }),
    ],
  ];
  test.each(lies)('%s: tried again, then named', async (_, lie) => {
    const object = served(2 * MiB);
    const server = await serve(object);
    const { object: remote, events } = await open(server.origin, { cacheFolder: await cacheFolder() });
    server.handler = (request, response) => {
      const { from, to } = rangeOf(request) ?? { from: 0, to: 0 };
      const total = object.bytes.length;
      response.strictContentLength = false;
      response.writeHead(206, {
        etag: object.etag,
        'content-range': `bytes ${from}-${to - 1}/${total}`,
        ...lie(from, to, total),
      });
      response.end(object.bytes.subarray(from, to));
    };
    expect((await failure(remote.ensure(MiB, MiB))).code).toBe('ERR_BAD_ANSWER');
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(HASTY.retry.attempts - 1);
  });

  test('fewer bytes than it said, every time', async () => {
    const object = served(MiB);
    const server = await serve(
      ignoringRanges((_, response) => {
        response.strictContentLength = false;
        response.writeHead(200, { etag: object.etag, 'content-length': MiB, connection: 'close' });
        response.end(object.bytes.subarray(0, MiB - 1000));
      }),
    );
    const { object: remote } = await open(server.origin, { cacheFolder: await cacheFolder() });
    expect((await failure(remote.ensure(0, MiB))).code).toBe('ERR_BAD_ANSWER');
  });

  test('after a failure whoever asks again gets it, once the server is well', async () => {
    const object = served(2 * MiB);
    const server = await serve(object);
    const { object: remote } = await open(server.origin, { cacheFolder: await cacheFolder() });
    server.handler = refusing(503);
    expect((await failure(remote.ensure(0, 2 * MiB))).code).toBe('ERR_BAD_ANSWER');
    server.handler = honest(object);
    expect(Buffer.from(await remote.read(0, 2 * MiB)).equals(object.bytes)).toBe(true);
  });
});
