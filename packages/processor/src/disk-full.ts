import { printable } from '@rawreel/text';
import { ProcessorError } from './processor-error.ts';

export const MORE_ROOM = 'Free some space, or choose another --output: unfinished files lie there, too.';

/** What the system, a file's writer or ffmpeg says of a full disk, and what that means. */
const FULL: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'no space left on the disk (ENOSPC)'],
  ['No space left on device', 'no space left on the disk (ENOSPC)'],
  ['EDQUOT', 'no more space is allowed on that disk (EDQUOT)'],
  ['Disk quota exceeded', 'no more space is allowed on that disk (EDQUOT)'],
  ['EFBIG', 'larger than a file may be there (EFBIG)'],
  ['File too large', 'larger than a file may be there (EFBIG)'],
  ['SIGXFSZ', 'larger than a file may be there (EFBIG)'],
]);

const FULL_SAID = new RegExp([...FULL.keys()].join('|'));

/** What is thrown for a full disk, whoever met it; undefined for anything else. */
export function diskFull(cause: unknown, path: string): ProcessorError | undefined {
  const why = FULL.get(FULL_SAID.exec(messagesOf(cause))?.[0] ?? '');
  if (why === undefined) return undefined;
  return new ProcessorError('ERR_DISK_FULL', `${printable(path)}: ${why}`, { hint: MORE_ROOM, cause });
}

function messagesOf(error: unknown): string {
  const messages: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) messages.push(each.message);
  return messages.join('\n');
}
