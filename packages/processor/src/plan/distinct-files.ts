import { printable } from '@rawreel/text';
import { ProcessorError } from '../processor-error.ts';
import { fileKey } from './file-names.ts';
import type { PlannedOutput } from './plan.ts';

/**
 * No file of a plan may take the place of another, on any file system.
 *
 * @throws {ProcessorError} ERR_OUTPUTS_COLLIDE
 */
export function checkDistinct(outputs: readonly PlannedOutput[]): void {
  const files = new Map<string, string>();
  for (const { file } of outputs) {
    const key = fileKey(file);
    const other = files.get(key);
    if (other !== undefined) {
      throw new ProcessorError(
        'ERR_OUTPUTS_COLLIDE',
        `two outputs would overwrite each other on some file systems: ${printable(other)} and ${printable(file)}`,
        { hint: 'Make them one at a time with --user-id, --session-id or --track-id, and report it.' },
      );
    }
    files.set(key, file);
  }
}
