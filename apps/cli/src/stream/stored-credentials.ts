import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '@rawreel/text';
import type { Machine } from '../context.ts';
import { CliError } from '../failure/errors.ts';
import { shellQuote } from '../terminal/shell-quote.ts';

export interface StoredCredentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly baseUrl?: string | undefined;
}

type Place = Pick<Machine, 'configFolder' | 'userId'>;

const fileIn = (configFolder: string): string => join(configFolder, 'credentials.json');

/**
 * Undefined where nothing is stored.
 *
 * @throws CliError ERR_CREDENTIALS_EXPOSED where somebody else can read the file, or has written it; ERR_CREDENTIALS_UNREADABLE
 */
export async function readStored({ configFolder, userId }: Place): Promise<StoredCredentials | undefined> {
  const folder = await configFolder();
  if (folder === undefined) return undefined;
  const path = fileIn(folder);
  const text = await textOf(path, userId);
  if (text === undefined) return undefined;
  const { apiKey, secret, baseUrl } = parsed(text) as Partial<StoredCredentials>;
  const isUrl = baseUrl === undefined || typeof baseUrl === 'string';
  if (typeof apiKey === 'string' && typeof secret === 'string' && isUrl) return { apiKey, secret, baseUrl };
  throw new CliError(`${printable(path)} contains no key and secret`, {
    code: 'ERR_CREDENTIALS_UNREADABLE',
    hints: ['Store them again: rawreel auth login'],
  });
}

/**
 * Replaces what was stored. Nobody but this user can read it at any time.
 *
 * @returns where it is
 * @throws CliError ERR_LOGIN_NOT_STORED
 */
export async function store({ configFolder }: Place, credentials: StoredCredentials): Promise<string> {
  const folder = await configFolder();
  if (folder === undefined) throw notStored('this user has no home folder');
  const path = fileIn(folder);
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    throw notStored(`${printable(path)} cannot be written (${(error as NodeJS.ErrnoException).code})`, error);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
  return path;
}

function notStored(why: string, cause?: unknown): CliError {
  return new CliError(`the login cannot be stored: ${why}`, {
    code: 'ERR_LOGIN_NOT_STORED',
    hints: [
      'Set HOME or XDG_CONFIG_HOME to a folder of your own, or give STREAM_API_KEY and STREAM_API_SECRET instead of a login.',
    ],
    cause,
  });
}

/** @returns whether there was something to remove */
export async function removeStored({ configFolder }: Place): Promise<boolean> {
  const folder = await configFolder();
  if (folder === undefined) return false;
  try {
    await rm(fileIn(folder));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function textOf(path: string, userId: number | undefined): Promise<string | undefined> {
  try {
    // What is looked at is what is read.
    await using file = await open(path);
    await refuseExposed(file, path, userId);
    return await file.readFile('utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function refuseExposed(file: FileHandle, path: string, userId: number | undefined): Promise<void> {
  // Where users have no numbers, the bits of the mode say nothing of them.
  if (userId === undefined) return;
  const { mode, uid } = await file.stat();
  if (uid !== userId) {
    throw exposed(path, `belongs to another user (${uid})`, `sudo chown ${userId} ${shellQuote(path)}`);
  }
  if ((mode & 0o077) !== 0) {
    const bits = (mode & 0o777).toString(8);
    throw exposed(path, `is open to other users (mode ${bits})`, `chmod 600 ${shellQuote(path)}`);
  }
}

function exposed(path: string, what: string, command: string): CliError {
  return new CliError(`${printable(path)} ${what}: it is not used`, {
    code: 'ERR_CREDENTIALS_EXPOSED',
    hints: [
      `If nobody else has used the secret, fix the file: ${command}`,
      "Otherwise create a new secret in Stream's dashboard and store it: rawreel auth login",
    ],
  });
}

/** What JSON.parse says of a text holds a piece of it, which here may be the secret. */
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
