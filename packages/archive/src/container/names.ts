import { LONGEST_NAME } from '../bounds.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * What makes an entry's name unfit for use, in words that follow the name; undefined for a good one. Nothing is ever
 * written under an entry's name: a name of this kind says that the archive was made to do harm.
 */
export function unsafeNameReason(name: string): string | undefined {
  if (name.length === 0) return 'is empty';
  if (name.length > LONGEST_NAME) return `has ${name.length} characters`;
  if (name.includes('\0')) return 'contains NUL';
  if (CONTROL.test(name)) return 'contains control characters';
  if (name.includes('\\')) return 'contains a backslash';
  if (name.startsWith('/')) return 'is absolute';
  if (/^[a-zA-Z]:/.test(name)) return 'begins with a drive letter';
  if (name.split('/').includes('..')) return "contains '..'";
  return undefined;
}

/** One spelling for each place: without `./`, doubled and trailing slashes, and composed the same way (NFC). */
export function normalizeName(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
    .normalize('NFC');
}

export type EntryKind = 'metadata' | 'dump' | 'sdp' | 'other';

export function kindOfEntry(file: string, folder: string): EntryKind {
  // macOS adds a twin of its own making for every file: `__MACOSX/…/._name`, or just `._name`.
  if (file.startsWith('._') || folder.split('/').includes('__MACOSX')) return 'other';
  if (file === 'timing_metadata.json' || file.endsWith('_timing_metadata.json')) return 'metadata';
  if (file.endsWith('.rtpdump')) return 'dump';
  if (file.endsWith('.sdp')) return 'sdp';
  return 'other';
}
