import { printable } from '@rawreel/text';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};

/** A file and why it cannot be read, as a sentence. */
export function unreadable(file: string, { code = '', message }: NodeJS.ErrnoException): string {
  return `${printable(file)} ${REASONS[code] ?? `cannot be read: ${printable(message)}`}`;
}
