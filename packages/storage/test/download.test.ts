import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { downloadFile } from '../src/index.ts';
import { cacheFolder, failure, HASTY, MiB, serve, served } from './builders/objects.ts';
import { honest } from './builders/server.ts';

describe('a download into a file', () => {
  test('is the object, in a folder that is made, and says what was moved', async () => {
    const what = served(3 * MiB);
    const server = await serve(what);
    const folder = await cacheFolder();
    const path = join(folder, 'calls', 'a.zip');
    const options = { ...HASTY, cacheFolder: join(folder, 'cache') };
    const told = await downloadFile(`${server.origin}/a.zip?sig=secret`, path, options);
    expect(told).toEqual({ byteLength: 3 * MiB, transferred: 3 * MiB, isKept: false });
    expect(what.bytes.equals(await readFile(path))).toBe(true);
    // A second one has all but the question whether it is still the same.
    const again = await downloadFile(`${server.origin}/a.zip?sig=fresh`, path, options);
    expect(again.transferred).toBeLessThan(MiB);
    expect(await readdir(join(folder, 'calls'))).toEqual(['a.zip']);
  });

  test('that fails half way leaves the file that was there, and nothing else', async () => {
    const whole = honest(served(3 * MiB));
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      if (requests === 1) whole(request, response);
      else response.writeHead(403).end();
    });
    const folder = await cacheFolder();
    const path = join(folder, 'a.zip');
    await writeFile(path, 'before');
    const options = { ...HASTY, cacheFolder: join(folder, 'cache') };
    expect((await failure(downloadFile(`${server.origin}/a.zip`, path, options))).code).toBe(
      'ERR_ACCESS_DENIED',
    );
    expect(await readFile(path, 'utf8')).toBe('before');
    expect((await readdir(folder)).sort()).toEqual(['a.zip', 'cache']);
  });

  test('that is there · is kept where that is asked for, unless it is cut', async () => {
    const what = served(3 * MiB);
    const server = await serve(what);
    const folder = await cacheFolder();
    const path = join(folder, 'a.zip');
    const options = { ...HASTY, cacheFolder: join(folder, 'cache'), keepExisting: true };
    const download = () => downloadFile(`${server.origin}/a.zip`, path, options);
    await writeFile(path, what.bytes.subarray(0, MiB));
    expect((await download()).isKept).toBe(false);
    expect(what.bytes.equals(await readFile(path))).toBe(true);
    const { ino } = await stat(path);
    const kept = await download();
    expect(kept).toMatchObject({ byteLength: 3 * MiB, isKept: true });
    expect(kept.transferred).toBeLessThan(3 * MiB);
    expect((await stat(path)).ino).toBe(ino);
  });
});
