import { open, readFile } from 'node:fs/promises';
import { printable } from '@rawreel/text';
import { UsageError } from '../failure/errors.ts';

/**
 * What is read of a file that an option names.
 *
 * @throws UsageError naming option and file where it cannot be read, or is something else
 */
export async function ofFile<Value>(
  flag: string,
  file: string,
  read: (text: string) => Value,
): Promise<Value> {
  try {
    return read(await readFile(file, 'utf8'));
  } catch (error) {
    throw unusable(flag, file, error as Error);
  }
}

/**
 * The path of a file that is read later, perhaps after hours of work.
 *
 * @throws UsageError naming option and file where it cannot be read
 */
export async function readable(flag: string, file: string): Promise<string> {
  try {
    await using opened = await open(file);
    await opened.read({ length: 1 });
    return file;
  } catch (error) {
    throw unusable(flag, file, error as Error);
  }
}

/** What the system says with a word of its own and the path once more. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this user may not read it',
};

function unusable(flag: string, file: string, { message, code = '' }: NodeJS.ErrnoException): UsageError {
  return new UsageError(`${flag} ${printable(file)}: ${SYSTEM_WORDS[code] ?? printable(message)}`);
}
