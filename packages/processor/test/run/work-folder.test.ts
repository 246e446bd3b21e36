import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorkFolder } from '../../src/run/work-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-work-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('work folder', () => {
  test('is gone with all in it, and so is an output folder in which nothing was made', async () => {
    const output = join(folder, 'deep', 'out');
    {
      await using work = await openWorkFolder(output);
      await writeFile(join(work.path, 'half'), 'x');
    }
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  test('an output folder that was there stays, and so does what was made', async () => {
    {
      await using work = await openWorkFolder(folder);
      await writeFile(join(work.path, 'half'), 'x');
      await writeFile(join(folder, 'made'), 'x');
    }
    expect(await readdir(folder)).toEqual(['made']);
  });

  test('what a killed run left is removed; what a running one or another machine uses stays', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const names = [`${hostname()}-${dead}-00`, `${hostname()}-${process.pid}-00`, `elsewhere-${dead}-00`];
    for (const name of names) await mkdir(join(folder, `.rawreel-${name}`));
    await (await openWorkFolder(folder))[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual(
      [`.rawreel-elsewhere-${dead}-00`, `.rawreel-${hostname()}-${process.pid}-00`].sort(),
    );
  });

  test('an output that is a file is an error that names it', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(openWorkFolder(path)).rejects.toMatchObject({
      code: 'ERR_OUTPUT_UNWRITABLE',
      message: expect.stringContaining(path),
    });
  });

  test('where the system lets nobody make a folder, it says so instead of trying for ever', async () => {
    await expect(openWorkFolder('/proc/nothing/here')).rejects.toMatchObject({
      code: 'ERR_OUTPUT_UNWRITABLE',
    });
  });
});
