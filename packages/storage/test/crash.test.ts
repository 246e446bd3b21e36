import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { listCache } from '../src/index.ts';
import { cacheFolder, MiB, open, serve, served } from './builders/objects.ts';
import { honest, rangeOf, sentBy, trustedCertificate } from './builders/server.ts';

const SCRIPT = new URL('builders/download.ts', import.meta.url).pathname;

interface Ended {
  readonly transferred: number;
  readonly path: string;
}

/** @param killedAfter so many bytes have come */
function run(address: string, folder: string, killedAfter = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [SCRIPT, address, folder, String(killedAfter)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: trustedCertificate().path },
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      said[stream] += chunk;
    });
  }
  return new Promise<Ended | 'killed'>((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve(JSON.parse(said.stdout));
      else reject(new Error(said.stderr));
    });
  });
}

describe('crash', () => {
  test('killed at any moment: the next run asks for what was not recorded, and has equal bytes', async () => {
    const object = served(16 * MiB);
    const resumed = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const server = await serve(object, 'http');
        const folder = await cacheFolder();
        const moment = Math.floor(((index + Math.random()) / 10) * 15 * MiB);
        expect(await run(server.origin, folder, moment)).toBe('killed');
        const present = (await listCache(folder))[0]?.present ?? 0;
        server.asked.length = 0;
        const { object: next } = await open(server.origin, { cacheFolder: folder });
        const bytes = await next.read(0, 16 * MiB);
        expect(object.bytes.equals(bytes), `killed after ${moment} bytes`).toBe(true);
        expect(sentBy(server), `killed after ${moment} bytes`).toBe(16 * MiB - present);
        expect(next.transferred).toBe(16 * MiB - present);
        return present;
      }),
    );
    // Something of most of them was there already.
    expect(resumed.filter((present) => present > MiB).length).toBeGreaterThan(4);
  });

  test('two runs at the same time: both have it whole, each byte is moved once', async () => {
    const object = served(48 * MiB);
    const { promise: bothAreHere, resolve: secondIsHere } = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      const isFirst = rangeOf(request)?.from === 0;
      if (request.headers['if-none-match'] !== undefined) secondIsHere();
      if (isFirst) honest(object)(request, response);
      else bothAreHere.then(() => honest(object)(request, response));
    });
    const folder = await cacheFolder();
    const ends = await Promise.all([run(server.origin, folder), run(server.origin, folder)]);
    for (const end of ends) {
      if (end === 'killed') throw new Error('nobody killed it');
      expect(object.bytes.equals(await readFile(end.path))).toBe(true);
    }
    expect(sentBy(server)).toBe(48 * MiB);
    const ranges = server.asked.filter(({ sent }) => sent > 0).flatMap((asked) => rangeOf(asked) ?? []);
    expect(ranges.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(48 * MiB);
  });
});
