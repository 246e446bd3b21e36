import { readFile, stat, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { listCache, openRemoteObject } from '../src/index.ts';
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
import { honest, rangeOf, sentBy } from './builders/server.ts';

describe('remote object · as a source of bytes', () => {
  test('knows its length and what it is called, without anything secret', async () => {
    const server = await serve(served(5000));
    const { object } = await open(`${server.origin}/call.zip?X-Amz-Signature=secret`, {
      cacheFolder: await cacheFolder(),
    });
    expect(object.byteLength).toBe(5000);
    expect(object.description).toBe(`${server.origin}/call.zip`);
    expect(object.path).not.toContain('secret');
  });

  test('gives exactly what is asked for, less at its end, and nothing behind it', async () => {
    const { bytes, etag } = served(3 * MiB + 17);
    const server = await serve({ bytes, etag });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    const read = async (position: number, length: number) => Buffer.from(await object.read(position, length));
    expect(await read(0, 10)).toEqual(bytes.subarray(0, 10));
    expect(await read(MiB - 5, 2 * MiB)).toEqual(bytes.subarray(MiB - 5, 3 * MiB - 5));
    expect(await read(3 * MiB, 100)).toEqual(bytes.subarray(3 * MiB));
    expect(await read(3 * MiB + 17, 10)).toEqual(Buffer.alloc(0));
    expect(await read(9 * MiB, 10)).toEqual(Buffer.alloc(0));
    expect(await read(100, 0)).toEqual(Buffer.alloc(0));
    const into = Buffer.alloc(64);
    const view = await object.read(2 * MiB, 50, into);
    expect(view.buffer).toBe(into.buffer);
    expect(into.subarray(0, 50)).toEqual(bytes.subarray(2 * MiB, 2 * MiB + 50));
  });

  test('what was ensured can be read from its path by anybody', async () => {
    const { bytes, etag } = served(20 * MiB);
    const server = await serve({ bytes, etag });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    await object.ensure(0, object.byteLength);
    expect(bytes.equals(await readFile(object.path))).toBe(true);
  });

  test('an empty object, whose server has no range to give, is empty', async () => {
    const server = await serve({ bytes: Buffer.alloc(0), etag: '"e"' });
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder });
    expect(object.byteLength).toBe(0);
    expect(await object.read(0, 10)).toHaveLength(0);
    await object.close();
    expect(await leftIn(folder)).toEqual([]);
  });

  test('is asked for with GET only: a signed URL refuses everything else', async () => {
    const server = await serve(served(MiB));
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    await object.ensure(0, object.byteLength);
    expect(new Set(server.asked.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});

describe('remote object · what is asked for', () => {
  test('small reads beside each other cost one request, a second time none', async () => {
    const server = await serve(served(4 * MiB));
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    server.asked.length = 0;
    await Promise.all([0, 100, 16 * 1024 + 5, 37 * 1024].map((at) => object.ensure(2 * MiB + at, 30)));
    expect(server.asked.map(rangeOf)).toEqual([{ from: 2 * MiB, to: 2 * MiB + 48 * 1024 }]);
    await object.ensure(2 * MiB + 77, 40_000);
    expect(server.asked).toHaveLength(1);
  });

  test('a large range comes in parts of 8 MiB, six at the same time', async () => {
    const { bytes, etag } = served(56 * MiB);
    const server = await serve({ bytes, etag });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    let held: (() => void)[] | undefined = [];
    let moving = 0;
    let most = 0;
    server.handler = (request, response) => {
      moving += 1;
      most = Math.max(most, moving);
      const end = response.end.bind(response);
      response.end = (() => {
        moving -= 1;
        return end();
      }) as typeof response.end;
      const answer = () => honest({ bytes, etag })(request, response);
      if (held === undefined) return answer();
      held.push(answer);
      if (held.length < 6) return;
      for (const release of held) release();
      held = undefined;
    };
    server.asked.length = 0;
    await object.ensure(0, 56 * MiB);
    expect(most).toBe(6);
    expect(server.asked.map(rangeOf)[0]).toEqual({ from: 64 * 1024, to: 64 * 1024 + 8 * MiB });
    expect(sentBy(server)).toBe(56 * MiB - 64 * 1024);
  });

  test('whoever needs a little is not kept waiting by a download of all', async () => {
    const { bytes, etag } = served(64 * MiB);
    const server = await serve({ bytes, etag });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    const { promise: littleHasCome, resolve: littleCame } = Promise.withResolvers<void>();
    server.handler = async (request, response) => {
      const { from, to } = rangeOf(request) ?? { from: 0, to: bytes.length };
      if (to - from > MiB) await littleHasCome;
      honest({ bytes, etag })(request, response);
    };
    const all = object.ensure(0, object.byteLength);
    await object.ensure(object.byteLength - 1000, 1000);
    littleCame();
    await all;
    expect(sentBy(server)).toBe(64 * MiB);
  });

  test('two that read the same object, in one process, share what they fetch', async () => {
    const { bytes, etag } = served(10 * MiB);
    const server = await serve({ bytes, etag });
    const folder = await cacheFolder();
    const { object: one } = await open(server.origin, { cacheFolder: folder });
    const { object: other, events } = await open(server.origin, { cacheFolder: folder });
    const reads = await Promise.all([one.read(0, 10 * MiB), other.read(0, 10 * MiB)]);
    for (const read of reads) expect(bytes.equals(read)).toBe(true);
    expect(one.transferred + other.transferred).toBe(10 * MiB);
    expect(sentBy(server)).toBe(10 * MiB);
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  test('progress ends with all that was asked for, of the whole', async () => {
    const server = await serve(served(20 * MiB));
    const { object, events } = await open(server.origin, { cacheFolder: await cacheFolder() });
    await object.ensure(MiB, 10 * MiB);
    expect(events.findLast(({ type }) => type === 'transfer')).toEqual({
      type: 'transfer',
      transferred: 10 * MiB + 64 * 1024,
      wanted: 10 * MiB + 64 * 1024,
      total: 20 * MiB,
    });
  });
});

describe('remote object · a second time', () => {
  test('reads what is here once the server says that it is the same, with a fresh signature, too', async () => {
    const server = await serve(served(3 * MiB));
    const folder = await cacheFolder();
    const url = (signature: string) => `${server.origin}/call.zip?X-Amz-Date=x&X-Amz-Signature=${signature}`;
    const { object } = await open(url('one'), { cacheFolder: folder });
    await object.ensure(0, 2 * MiB);
    await object.close();
    server.asked.length = 0;
    const { object: again } = await open(url('two'), { cacheFolder: folder });
    await again.ensure(0, 2 * MiB);
    expect(again.transferred).toBe(0);
    expect(server.asked).toHaveLength(1);
    await again.ensure(0, 3 * MiB);
    expect(again.transferred).toBe(MiB);
  });

  test('does so by date where there is no ETag, or a weak one', async () => {
    const { bytes } = served(3 * MiB);
    const lastModified = 'Fri, 20 Nov 2026 09:30:00 GMT';
    for (const object of [
      { bytes, lastModified },
      { bytes, lastModified, etag: 'W/"x"' },
    ]) {
      const server = await serve(object);
      const folder = await cacheFolder();
      const { object: first } = await open(server.origin, { cacheFolder: folder });
      await first.ensure(0, 3 * MiB);
      await first.close();
      const { object: again } = await open(server.origin, { cacheFolder: folder });
      expect(Buffer.from(await again.read(0, 3 * MiB)).equals(bytes)).toBe(true);
      expect(again.transferred).toBe(0);
    }
  });

  test('begins anew where the server has another one, and drops the old one', async () => {
    const server = await serve(served(3 * MiB));
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder });
    await object.ensure(0, 3 * MiB);
    await object.close();
    const changed = served(2 * MiB, 1);
    server.handler = honest(changed);
    const { object: again } = await open(server.origin, { cacheFolder: folder });
    expect(Buffer.from(await again.read(0, 3 * MiB)).equals(changed.bytes)).toBe(true);
    await again.close();
    expect((await listCache(folder)).map(({ byteLength }) => byteLength)).toEqual([2 * MiB]);
  });

  test('begins anew where there are dates only, also with an older one', async () => {
    const older = { bytes: bytesOf(3 * MiB, 1), lastModified: 'Thu, 19 Nov 2026 09:30:00 GMT' };
    const server = await serve({ bytes: bytesOf(3 * MiB), lastModified: 'Fri, 20 Nov 2026 09:30:00 GMT' });
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder });
    await object.ensure(0, 3 * MiB);
    await object.close();
    server.handler = honest(older);
    const { object: again } = await open(server.origin, { cacheFolder: folder });
    expect(Buffer.from(await again.read(0, 3 * MiB)).equals(older.bytes)).toBe(true);
  });

  test('takes no bytes of a server that repeats them though nothing has changed', async () => {
    const { bytes, etag } = served(3 * MiB);
    const server = await serve((request, response) => {
      delete request.headers['if-none-match'];
      honest({ bytes, etag })(request, response);
    });
    const folder = await cacheFolder();
    await (await open(server.origin, { cacheFolder: folder })).object.close();
    const { object } = await open(server.origin, { cacheFolder: folder });
    expect(Buffer.from(await object.read(0, 3 * MiB)).equals(bytes)).toBe(true);
    expect(await listCache(folder)).toHaveLength(1);
  });

  test('does not trust a mirror that somebody cut', async () => {
    const { bytes, etag } = served(3 * MiB);
    const server = await serve({ bytes, etag });
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder });
    await object.ensure(0, 3 * MiB);
    await object.close();
    await truncate(object.path, MiB);
    const { object: again } = await open(server.origin, { cacheFolder: folder });
    expect(Buffer.from(await again.read(0, 3 * MiB)).equals(bytes)).toBe(true);
  });

  test('without ETag and date nothing is kept, and all of it comes in one answer', async () => {
    const bytes = bytesOf(3 * MiB);
    const server = await serve({ bytes });
    const folder = await cacheFolder();
    const { object, events } = await open(server.origin, { cacheFolder: folder });
    expect(Buffer.from(await object.read(2 * MiB, MiB)).equals(bytes.subarray(2 * MiB))).toBe(true);
    expect(server.asked.map(rangeOf)).toEqual([{ from: 0, to: 64 * 1024 }, undefined]);
    expect(events).toContainEqual({ type: 'no-ranges' });
    await object.close();
    expect(await leftIn(folder)).toEqual([]);
  });

  test('keep: false leaves nothing', async () => {
    const server = await serve(served(3 * MiB));
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder, keep: false });
    await object.ensure(0, 3 * MiB);
    expect(await listCache(folder)).toEqual([]);
    await object.close();
    expect(await leftIn(folder)).toEqual([]);
  });

  test('what is kept is for this user only', async () => {
    const server = await serve(served(MiB));
    const folder = `${await cacheFolder()}/made/by/it`;
    const { object } = await open(server.origin, { cacheFolder: folder });
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    const entry = object.path.replace(/\/[^/]*$/, '');
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(entry)).toBe(0o700);
    expect(await modeOf(object.path)).toBe(0o600);
    for (const name of await leftIn(entry)) {
      if (!name.endsWith('.lock')) expect(await modeOf(`${entry}/${name}`), name).toBe(0o600);
    }
  });
});

describe('remote object · ends', () => {
  test('an aborted ensure rejects, what nobody else waits for stops, and the object goes on', async () => {
    const { bytes, etag } = served(40 * MiB);
    const server = await serve({ bytes, etag });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    const abort = new AbortController();
    server.onSent = (sent) => {
      if (sent > 10 * MiB) abort.abort();
    };
    const error = await failure(object.ensure(0, 40 * MiB, abort.signal));
    expect(error.code).toBe('ERR_ABORTED');
    expect(Buffer.from(await object.read(39 * MiB, MiB)).equals(bytes.subarray(39 * MiB))).toBe(true);
  });

  test('the signal of the object ends whatever is under way, and closing still works', async () => {
    const server = await serve(served(40 * MiB));
    const abort = new AbortController();
    const folder = await cacheFolder();
    const { object } = await open(server.origin, {
      cacheFolder: folder,
      signal: abort.signal,
    });
    server.onSent = (sent) => {
      if (sent > 10 * MiB) abort.abort();
    };
    const ends = await Promise.allSettled([object.ensure(0, 40 * MiB), object.read(20 * MiB, 20 * MiB)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await failure(object.ensure(0, 40 * MiB))).code).toBe('ERR_ABORTED');
    await object.close();
    const [kept] = await listCache(folder);
    expect(kept?.inUse).toBe(false);
    expect(kept?.present).toBeGreaterThan(64 * 1024);
  });

  test('opening can be aborted, before and while it waits for an answer, and leaves nothing', async () => {
    const folder = await cacheFolder();
    const abort = new AbortController();
    const server = await serve(() => abort.abort());
    const options = { ...HASTY, cacheFolder: folder, signal: abort.signal };
    expect((await failure(openRemoteObject(server.origin, options))).code).toBe('ERR_ABORTED');
    expect((await failure(openRemoteObject(server.origin, options))).code).toBe('ERR_ABORTED');
    expect(await leftIn(folder)).toEqual([]);
  });

  test('closing gives up what is on its way, keeps what has come, and a second close does nothing', async () => {
    const server = await serve(served(40 * MiB));
    const folder = await cacheFolder();
    const { object } = await open(server.origin, { cacheFolder: folder });
    const all = failure(object.ensure(0, 40 * MiB));
    await object.ensure(20 * MiB, 5 * MiB);
    await object.close();
    await object.close();
    expect((await all).code).toBe('ERR_ABORTED');
    expect((await listCache(folder))[0]?.present).toBeGreaterThanOrEqual(5 * MiB);
  });

  test('an object larger than the disk is refused before it is fetched, what fits of it is not', async () => {
    const total = 2 ** 43;
    const server = await serve((request, response) => {
      const { from, to } = rangeOf(request) ?? { from: 0, to: 0 };
      response.writeHead(206, { etag: '"huge"', 'content-range': `bytes ${from}-${to - 1}/${total}` });
      response.end(Buffer.alloc(to - from));
    });
    const { object } = await open(server.origin, { cacheFolder: await cacheFolder() });
    const [all, little] = await Promise.allSettled([object.ensure(0, total), object.read(2 ** 42, 1000)]);
    expect(all).toMatchObject({ status: 'rejected', reason: { code: 'ERR_NO_SPACE' } });
    expect((all as PromiseRejectedResult).reason.message).toMatch(
      /8\.\d TB .* has room for [\d.]+ [GT]B only/,
    );
    expect(little.status).toBe('fulfilled');
  });
});
