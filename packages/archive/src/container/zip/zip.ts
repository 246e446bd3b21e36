import { formatBytes } from '@rawreel/text';
import { ArchiveError, reasonOf } from '../../errors.ts';
import { excerpt } from '../../excerpt.ts';
import type { ProblemList } from '../../problem-list.ts';
import type { ByteSource } from '../../source/byte-source.ts';
import { Turns } from '../../turns.ts';
import { type Contents, EntryCollector, type Limits, type Refusal } from '../contents.ts';
import { readEntryFully } from '../read-fully.ts';
import { BrokenDirectory, type DirectoryEntry, readDirectory } from './directory.ts';
import { findZipDirectory, type ZipDirectory } from './end-record.ts';
import { overlapping } from './overlaps.ts';
import { readSmallEntry } from './read-small.ts';

const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;

/** APPNOTE 6.3.10 §4.4.5: those that other tools really write. */
const METHOD_NAMES = new Map([
  [1, 'Shrink'],
  [6, 'Implode'],
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'Zstandard'],
  [95, 'XZ'],
  [98, 'PPMd'],
  [99, 'AES encryption'],
]);

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

const OVERLAP: Refusal = { code: 'ENTRY_OVERLAP', reason: 'claims bytes of another entry' };

/** @throws ArchiveError ERR_ZIP_NO_DIRECTORY, ERR_ZIP_EMPTY */
export async function readZip(
  source: ByteSource,
  path: string,
  limits: Limits,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<Contents> {
  const directory = await findZipDirectory(source);
  if (directory === undefined) throw noDirectory(source);
  if (directory.entryCount === 0) {
    throw new ArchiveError('ERR_ZIP_EMPTY', `${excerpt(source.description)} is a ZIP without any entry`, {
      hint: 'Nothing was recorded into it, or it was made from an empty folder.',
    });
  }
  const collector = new EntryCollector(limits, problems);
  const cut = await collect(collector, source, path, directory, signal);
  if (cut !== undefined) {
    problems.add({ code: 'ARCHIVE_TRUNCATED', severity: 'damage', message: `The archive ${cut}` });
  }
  const named = await collector.finish(({ location }) =>
    location.container === 'zip' ? String(location.crc32) : '',
  );
  const overlaps = overlapping(named);
  const entries = named.map((entry) => (overlaps.has(entry) ? { ...entry, refusal: OVERLAP } : entry));
  return {
    kind: 'zip',
    byteLength: source.byteLength,
    entries,
    cut,
    readSmall: async ({ location }) => {
      const quick = location.container === 'zip' ? await readSmallEntry(location, source) : undefined;
      return quick ?? readEntryFully(location, source, signal);
    },
  };
}

async function collect(
  collector: EntryCollector,
  source: ByteSource,
  path: string,
  directory: ZipDirectory,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const turns = new Turns(signal);
  let count = 0;
  try {
    for await (const entry of readDirectory(source, directory)) {
      if (turns.isOver) await turns.next();
      if (collector.countOne(entry.rawName) === 'too many') return undefined;
      count += 1;
      addEntry(collector, entry, source, path);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof BrokenDirectory)) throw error;
    const reason = excerpt(reasonOf(error));
    if (count === 0) throw noDirectory(source, error);
    return `has a broken directory behind ${count} of its ${directory.entryCount} entries: ${reason}`;
  }
}

function addEntry(collector: EntryCollector, entry: DirectoryEntry, source: ByteSource, path: string): void {
  // Directory entries carry nothing that the names of their files do not.
  if (entry.rawName.endsWith('/')) {
    collector.admitName(entry.rawName);
    return;
  }
  collector.add({
    rawName: entry.rawName,
    size: entry.size,
    location: {
      container: 'zip',
      path,
      name: entry.rawName,
      offset: entry.offset,
      compression: entry.method === DEFLATED ? 'deflated' : 'stored',
      compressedSize: entry.compressedSize,
      size: entry.size,
      crc32: entry.crc32,
    },
    refusal: refusalOf(entry, source.byteLength),
  });
}

function refusalOf(entry: DirectoryEntry, byteLength: number): Refusal | undefined {
  const type = entry.unixMode & S_IFMT;
  if (type !== 0 && type !== S_IFREG && type !== S_IFDIR) {
    return { code: 'ENTRY_LINK', reason: 'is a link or device, no file' };
  }
  if ((entry.flags & ENCRYPTED) !== 0) return { code: 'ENTRY_DAMAGED', reason: 'is encrypted' };
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    const method = METHOD_NAMES.get(entry.method) ?? 'unknown';
    return {
      code: 'ENTRY_DAMAGED',
      reason: `is compressed by method ${entry.method} (${method}), not stored or deflated`,
    };
  }
  if (entry.offset >= byteLength) {
    return { code: 'ENTRY_DAMAGED', reason: 'lies behind the end of the archive' };
  }
  return undefined;
}

function noDirectory(source: ByteSource, cause?: unknown): ArchiveError {
  return new ArchiveError(
    'ERR_ZIP_NO_DIRECTORY',
    `${excerpt(source.description)} is a ZIP whose directory is missing or broken: it cannot be opened`,
    {
      hint:
        `The directory stands at a ZIP's end, so this is most likely a download that was cut: ` +
        `there are ${formatBytes(source.byteLength)} (${source.byteLength}).\n` +
        'Compare with the size that the storage names, and fetch it again.',
      cause,
    },
  );
}
