import { readFile } from 'node:fs/promises';
import { printable } from '@rawreel/text';
import { SECRET_VARIABLES } from './config.ts';
import type { ConfigProblem } from './config-error.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The environment with what `STREAM_API_SECRET_FILE` and the like name read; a line break at a file's end is not the secret's. */
export async function readSecretFiles(
  env: Env,
): Promise<{ readonly env: Env; readonly problems: readonly ConfigProblem[] }> {
  const read: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  for (const name of SECRET_VARIABLES) {
    const where = `${name}_FILE`;
    const path = env[where];
    if (!path) continue;
    if (env[name]) {
      problems.push({ where, what: `is set, and so is ${name}` });
      continue;
    }
    try {
      read[name] = (await readFile(path, 'utf8')).trim();
      if (read[name] === '') problems.push({ where, what: `${printable(path)} is empty` });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      problems.push({ where, what: `${printable(path)} cannot be read (${code})` });
    }
  }
  return { env: { ...env, ...read }, problems };
}
