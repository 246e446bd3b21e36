import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '@rawreel/text';
import { CliError } from '../failure/errors.ts';

export interface StoredCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

export const storedIn = (configFolder: string): string => join(configFolder, 'credentials.json');

/** Undefined where nothing is stored. */
export async function readStored(configFolder: string): Promise<StoredCredentials | undefined> {
  const path = storedIn(configFolder);
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const { apiKey, secret } = parsed(text) as Partial<StoredCredentials>;
  if (typeof apiKey === 'string' && typeof secret === 'string') return { apiKey, secret };
  throw new CliError(`${printable(path)} does not hold a key and a secret`, {
    code: 'ERR_CREDENTIALS_UNREADABLE',
    hints: ['Store them again: rawreel auth login'],
  });
}

/** Replaces what was stored. Nobody but this user can read it at any time. */
export async function store(configFolder: string, credentials: StoredCredentials): Promise<void> {
  await mkdir(configFolder, { recursive: true, mode: 0o700 });
  const path = storedIn(configFolder);
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** @returns whether there was something to remove */
export async function removeStored(configFolder: string): Promise<boolean> {
  try {
    await rm(storedIn(configFolder));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
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
