import { readFile } from 'node:fs/promises';
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
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag} ${unreadable(file, error)}`, [
      'Check the path; relative ones start at the current folder.',
    ]);
  });
  try {
    return read(text);
  } catch (error) {
    throw new UsageError(`${flag} ${printable(file)}: ${printable((error as Error).message)}`);
  }
}
