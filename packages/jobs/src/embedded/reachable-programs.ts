import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Programs } from './programs.ts';
import { closedFolder, type SystemUser } from './system-user.ts';

/**
 * The programs as the user of the database can run them: where the packages lie in a folder that is closed to it, as root's home is,
 * a copy of them (60 MB) in the data folder, one for each version.
 */
export async function reachablePrograms(
  programs: Programs,
  user: SystemUser,
  dataFolder: string,
): Promise<Programs> {
  if ((await closedFolder(programs.postgres, user)) === undefined) return programs;
  const native = dirname(dirname(programs.postgres));
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(dataFolder, `postgresql-programs-${version}`);
  if (!existsSync(copy)) await copyWhole(native, copy);
  const moved = (program: string): string => join(copy, program.slice(native.length));
  return {
    initdb: moved(programs.initdb),
    pg_ctl: moved(programs.pg_ctl),
    postgres: moved(programs.postgres),
  };
}

/** Whole or not there; of two that make it at the same time, one wins. */
async function copyWhole(from: string, to: string): Promise<void> {
  const half = `${to}.new-${randomUUID()}`;
  try {
    await cp(from, half, { recursive: true, verbatimSymlinks: true });
    await rename(half, to);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
