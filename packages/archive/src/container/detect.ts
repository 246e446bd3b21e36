import { excerpt } from '../excerpt.ts';
import type { ArchiveKind } from '../recording.ts';
import { isTarHeader } from './tar/header.ts';

/** How much of a source's start is looked at. */
export const START_LENGTH = 4096;

/** What a source is by its first bytes; undefined where they tell nothing (a ZIP may still begin with junk). */
export function kindByStart(start: Uint8Array): ArchiveKind | undefined {
  // 'PK' 03 04: first entry; 'PK' 05 06 and 'PK' 06 06: no entries; 'PK' 07 08 and 'PK' '00': first piece of a divided ZIP.
  if (hasPrefix(start, [0x50, 0x4b, 0x03, 0x04])) return 'zip';
  if (hasPrefix(start, [0x50, 0x4b, 0x05, 0x06])) return 'zip';
  if (hasPrefix(start, [0x50, 0x4b, 0x06, 0x06])) return 'zip';
  if (hasPrefix(start, [0x50, 0x4b, 0x07, 0x08])) return 'zip';
  if (hasPrefix(start, [0x50, 0x4b, 0x30, 0x30])) return 'zip';
  if (hasPrefix(start, [0x1f, 0x8b])) return 'tar.gz';
  if (isTarHeader(start)) return 'tar';
  return undefined;
}

interface ForeignKind {
  readonly matches: (start: Uint8Array, text: string) => boolean;
  readonly hint: string;
}

const FRESH_LINK = 'List the recording again for a fresh link, and fetch it anew.';
const RAW_RECORDING = 'A raw recording is a ZIP, a tar, a tar.gz or a folder with timing metadata in it.';

/** In order: the first that matches is what it is taken for. */
const FOREIGN_KINDS: readonly ForeignKind[] = [
  {
    matches: (_, text) => /^<\?xml[\s\S]*<(Error|Code)>|^<Error>/i.test(text),
    hint: `This is what storage answers for an expired, mistyped or forbidden link, saved as a file.\n${FRESH_LINK}`,
  },
  {
    matches: (_, text) => /^<(!doctype\s+html|html|head|body)/i.test(text),
    hint: `This is a web page, saved as a file: a login or error page instead of the download.\n${FRESH_LINK}`,
  },
  {
    matches: (_, text) => /^<\?xml|^<[a-z]/i.test(text),
    hint: `This is XML or a web page, not a recording: most likely an error message saved as a file.\n${FRESH_LINK}`,
  },
  {
    matches: (_, text) => /^[{[]/.test(text),
    hint: `This is JSON: most likely the answer of an API, saved as a file. The recording is behind a link in it.`,
  },
  {
    matches: (_, text) => text.startsWith('#!rtpplay1.0'),
    hint: 'This is a single rtpdump: it needs its timing metadata. Give the whole archive, or the folder it lies in.',
  },
  {
    matches: (start) => hasPrefix(start, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
    hint: `This is a 7z archive. Unpack it and give the folder.`,
  },
  {
    matches: (_, text) => text.startsWith('Rar!\x1a\x07'),
    hint: `This is a RAR archive. Unpack it and give the folder.`,
  },
  {
    matches: (start) => hasPrefix(start, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    hint: `This is xz. Unpack it (xz -d) and give the tar or the folder.`,
  },
  {
    matches: (start) => hasPrefix(start, [0x28, 0xb5, 0x2f, 0xfd]),
    hint: `This is Zstandard. Unpack it (zstd -d) and give the tar or the folder.`,
  },
  {
    matches: (_, text) => /^BZh[1-9]/.test(text),
    hint: `This is bzip2. Unpack it (bzip2 -d) and give the tar or the folder.`,
  },
  {
    matches: (start) => hasPrefix(start, [0x1a, 0x45, 0xdf, 0xa3]),
    hint: `This is a Matroska or WebM file: media already, not a raw recording.`,
  },
  {
    matches: (_, text) => text.slice(4, 8) === 'ftyp',
    hint: `This is an MP4 file: media already, not a raw recording.`,
  },
  {
    matches: (start) => start.byteLength > 0 && start.every((byte) => byte === 0),
    hint: 'It begins with nothing but zeros: a download that reserved its space and never filled it.\nFetch it again.',
  },
  {
    matches: (start) => isText(start),
    hint: `This is text: most likely an error message saved as a file.\n${RAW_RECORDING}`,
  },
];

const HEAD_LENGTH = 512;

/** What a source that is no archive starts with, as it may be printed, and what that usually means. */
export function describeForeign(start: Uint8Array): { startsWith: string; hint: string } {
  const head = start.subarray(0, HEAD_LENGTH);
  const text = Buffer.from(head)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  const kind = FOREIGN_KINDS.find(({ matches }) => matches(head, text));
  return {
    startsWith: isText(head) ? quoteText(head) : quoteBytes(head),
    hint: kind?.hint ?? `This looks like no known kind of file.\n${RAW_RECORDING}`,
  };
}

function quoteText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8').replace(/\s+/g, ' ').trim();
  return `"${excerpt(text.slice(0, 100))}${text.length > 100 ? '…' : ''}"`;
}

function quoteBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 16);
  const hex = [...shown].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `the bytes ${hex}${bytes.byteLength > 16 ? ' …' : ''}`;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.byteLength === 0) return false;
  const text = Buffer.from(bytes).toString('utf8');
  // Where the start was cut out of more, the cut may go through a character.
  const whole = bytes.byteLength < HEAD_LENGTH ? text : text.replace(/\ufffd+$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: characters that no text has
  return !/[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/.test(whole);
}

function hasPrefix(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return bytes.byteLength >= prefix.length && prefix.every((byte, at) => bytes[at] === byte);
}
