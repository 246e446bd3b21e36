import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder, type FolderOperations, NoDiskError } from '../../src/run/check-folder.ts';
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
      message: `cannot write into ${path}: it, or what should be a folder above it, is a file`,
    });
    await expect(openWorkFolder(join(path, 'below'))).rejects.toMatchObject({
      message: expect.stringContaining('is a file'),
    });
  });

  test('where the system lets nobody make a folder, it says so instead of trying for ever', async () => {
    await expect(openWorkFolder('/proc/nothing/here')).rejects.toMatchObject({
      code: 'ERR_OUTPUT_UNWRITABLE',
    });
  });

  test('what somebody else left under our names is no hindrance', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    await symlink('/nonexistent', join(folder, `.rawreel-${hostname()}-${dead}-00`));
    await (await openWorkFolder(folder))[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a folder that is none of a disk', () => {
  const refusing = (code: string) => async () => {
    throw Object.assign(new Error(`${code}: refused`), { code });
  };
  const does: FolderOperations = {
    write: (path) => writeFile(path, 'checked'),
    overwrite: async () => undefined,
    rename,
  };

  test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EIO', 'ENOSYS', 'EINVAL'])(
    'that answers %s to a change or a new name · is taken for a mounted bucket',
    async (code) => {
      for (const odd of [{ overwrite: refusing(code) }, { rename: refusing(code) }])
        await expect(checkFolder(folder, { ...does, ...odd })).rejects.toThrow(NoDiskError);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test('that is full, or not ours · is not', async () => {
    for (const code of ['ENOSPC', 'EACCES'])
      await expect(checkFolder(folder, { ...does, overwrite: refusing(code) })).rejects.toMatchObject({
        code,
      });
    await expect(checkFolder(folder)).resolves.toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});
