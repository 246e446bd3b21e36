import { open, readFile } from 'node:fs/promises';
import { printable } from '@rawreel/text';
import { UsageError } from '../failure/errors.ts';
import { unreadable } from '../failure/unreadable.ts';

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
  const text = await readFile(file, 'utf8').catch(notRead(flag, file));
  try {
    return read(text);
  } catch (error) {
    const { message, hint } = error as Error & { readonly hint?: string };
    throw new UsageError(
      `${flag} ${printable(file)}: ${printable(message)}`,
      hint === undefined ? [] : [hint],
    );
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
    return notRead(flag, file)(error as NodeJS.ErrnoException);
  }
}

const notRead =
  (flag: string, file: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new UsageError(`${flag} ${unreadable(file, error)}`, [
      'Check the path; relative ones start at the current folder.',
    ]);
  };
