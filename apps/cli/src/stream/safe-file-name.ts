import { printable } from '@rawreel/text';
import { CliError } from '../failure/errors.ts';

/**
 * Names come from outside: none may lead out of the folder.
 *
 * @throws CliError ERR_UNSAFE_NAME
 */
export function safeFileName(name: string): string {
  if (!/^\.{0,2}$|[/\\\0]/.test(name)) return name;
  throw new CliError(`"${printable(name)}" is not a safe file name`, {
    code: 'ERR_UNSAFE_NAME',
    hints: ['Make media of the recording instead: --process'],
  });
}
