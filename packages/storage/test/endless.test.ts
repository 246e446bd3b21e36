import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openRemoteObject, type RemoteObjectOptions, StorageError } from '../src/index.ts';
import { withinBounds } from '../src/transfer/receive-whole.ts';
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
import { type Handler, rangeOf, send } from './builders/server.ts';

/** Opens what must not be opened. */
async function refused(handler: Handler, options: Partial<RemoteObjectOptions> = {}): Promise<StorageError> {
  const server = await serve(handler, 'http');
  const retry = { ...HASTY.retry, attempts: 5 };
  return await failure(
    openRemoteObject(server.origin, { retry, cacheFolder: await cacheFolder(), ...options }),
  );
}

describe('an object without a length', () => {
  test('that is compressed to next to nothing is given up, and nothing of it is left', async () => {
    const compressed = gzipSync(Buffer.alloc(80 * MiB), { level: 1 });
    const folder = await cacheFolder();
    const error = await refused(
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', etag: '"bomb"' });
        send(response, compressed);
      },
      { cacheFolder: folder },
    );
    expect(await leftIn(folder)).toEqual([]);
    expect(error.code).toBe('ERR_OBJECT_TOO_LARGE');
    expect(error.message).toMatch(/became 67\.\d MB of \d+ kB, and has not ended/);
    expect(error.hint).toMatch(/does not say how long it is/);
  });

  test('that compresses well, but is small, is read', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      send(response, gzipSync(Buffer.alloc(8 * MiB)));
    });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    expect(object.byteLength).toBe(8 * MiB);
  });

  const piece = new Uint8Array(64 * MiB);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield piece;
  }
  const address = { scheme: 'https', url: new URL('https://media.example/call.zip?sig=secret') } as const;

  async function taken(room: (taken: number) => number): Promise<{ bytes: number; error: StorageError }> {
    let bytes = 0;
    const around = { folder: '/cache', room: async () => room(bytes) };
    try {
      for await (const { byteLength } of withinBounds(endless(), address, around)) bytes += byteLength;
    } catch (error) {
      if (error instanceof StorageError) return { bytes, error };
      throw error;
    }
    throw new Error('it ended');
  }

  test('that does not end is given up after 4 GiB', async () => {
    const { bytes, error } = await taken(() => 2 ** 50);
    expect(bytes).toBe(4 * 1024 * MiB);
    expect(error.code).toBe('ERR_OBJECT_TOO_LARGE');
    expect(error.message).toBe('https://media.example/call.zip does not end after 4.3 GB');
  });

  test('is given up before the disk is full', async () => {
    const { bytes, error } = await taken((taken) => 1024 * MiB - taken);
    expect(error.code).toBe('ERR_NO_SPACE');
    expect(1024 * MiB - bytes).toBeGreaterThanOrEqual(256 * MiB);
  });
});

describe('a server that sends next to nothing', () => {
  const dribbling: Handler = (request, response) => {
    const { from, to } = rangeOf(request) ?? { from: 0, to: 64 * 1024 };
    response.writeHead(206, { etag: '"slow"', 'content-range': `bytes ${from}-${to - 1}/${10 * MiB}` });
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  };

  test('a byte now and then for ever: it ends', async () => {
    let asked = 0;
    const error = await refused(
      (request, response) => {
        asked += 1;
        dribbling(request, response);
      },
      // A machine that stands still for so long has nothing come, which is another thing.
      { stallMs: 1500 },
    );
    expect(asked).toBe(3);
    expect(error.code).toBe('ERR_UNREACHABLE');
    expect(error.message).toMatch(/no more than \d+ bytes came for 1\.5 s/);
  });

  test('a byte, and then it breaks off, for ever: it ends', async () => {
    let asked = 0;
    const error = await refused((request, response) => {
      asked += 1;
      const { from = 0, to = 0 } = rangeOf(request) ?? {};
      response.writeHead(206, { etag: '"b"', 'content-range': `bytes ${from}-${to - 1}/${10 * MiB}` });
      response.write('x', () => setImmediate(() => response.socket?.destroySoon()));
    });
    expect(error.code).toBe('ERR_UNREACHABLE');
    expect(asked).toBe(5);
  });

  test('a redirect whose body does not end: it ends', async () => {
    const error = await refused(
      (_, response) => {
        response.writeHead(302, { location: '/elsewhere' });
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      },
      { stallMs: 300 },
    );
    expect(error.code).toBe('ERR_UNREACHABLE');
  });

  test('a slow reader is no slow server', async () => {
    const object = served(3 * MiB);
    const server = await serve(object);
    const { object: remote } = await open(server.origin, {
      cacheFolder: await cacheFolder(),
      stallMs: 20_000,
    });
    expect(Buffer.from(await remote.read(0, 3 * MiB)).equals(bytesOf(3 * MiB))).toBe(true);
  });
});
