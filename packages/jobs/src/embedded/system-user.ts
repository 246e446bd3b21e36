import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { JobsError } from '../errors.ts';

/** Whom PostgreSQL runs as; `undefined` for whoever runs this. */
export type SystemUser = { readonly uid: number; readonly gid: number } | undefined;

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root, so as root it runs as user `postgres`, who is made where there is none.
 *
 * @throws {JobsError} `ERR_EMBEDDED_POSTGRES`
 */
export function systemUser(): SystemUser {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp();
  if (found) return found;
  const made =
    spawnSync('groupadd', ['--system', NAME]).error ??
    spawnSync('useradd', ['--system', '--gid', NAME, '--no-create-home', NAME]).error;
  const user = lookUp();
  if (user) return user;
  throw new JobsError(
    'ERR_EMBEDDED_POSTGRES',
    'PostgreSQL does not run as root, and there is no user postgres',
    {
      hint: `${
        made ? 'groupadd and useradd, which would make one, are missing, as on slim images: ' : ''
      }install them (Debian: passwd, Alpine and Fedora: shadow), or make that user, or run this as another user than root.`,
      cause: made,
    },
  );
}

function lookUp(): SystemUser {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, NAME], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** The innermost folder on the way to `path` that is closed to the user: what root can read, it often cannot. */
export async function closedFolder(path: string, user: SystemUser): Promise<string | undefined> {
  if (!user) return undefined;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** @throws {JobsError} `ERR_DATA_FOLDER`, where the user cannot come to `path` */
export async function checkReach(path: string, user: SystemUser): Promise<void> {
  const folder = await closedFolder(path, user);
  if (folder === undefined) return;
  throw new JobsError('ERR_DATA_FOLDER', `User ${NAME}, whom PostgreSQL runs as, cannot enter ${folder}`, {
    hint: `Use a place that it can enter, open that folder (chmod o+x ${folder}), or run this as another user than root.`,
  });
}
