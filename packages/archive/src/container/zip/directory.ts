import { type Entry, getFileNameLowLevel, ZipFile } from 'yauzl';
import { reasonOf } from '../../errors.ts';
import type { ByteSource } from '../../source/byte-source.ts';
import type { ZipDirectory } from './end-record.ts';
import { WindowReader } from './window-reader.ts';

export interface DirectoryEntry {
  readonly rawName: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, counted from the source's start. */
  readonly offset: number;
  readonly unixMode: number;
}

/** What yauzl says of it. */
export class BrokenDirectory extends Error {}

/**
 * The records of a central directory, in its order.
 *
 * yauzl reads the records, ZIP64 and Unicode extra fields included; names come undecoded, because it would end the
 * whole directory at the first unsafe one.
 *
 * @throws BrokenDirectory; what reading the source throws.
 */
export async function* readDirectory(
  source: ByteSource,
  directory: ZipDirectory,
): AsyncGenerator<DirectoryEntry, void, void> {
  const reader = new WindowReader(source);
  // As fromRandomAccessReader does; closing takes it back.
  (reader as unknown as { ref(): void }).ref();
  const [closesItself, isLazy, decodesNames, checksSizes] = [true, true, false, false];
  const zip = new ZipFile(
    reader,
    directory.offset,
    source.byteLength,
    directory.entryCount,
    '',
    closesItself,
    isLazy,
    decodesNames,
    checksSizes,
  );
  try {
    for await (const entry of zip.eachEntry()) yield toDirectoryEntry(entry, directory.junk);
  } catch (error) {
    throw reader.failure ?? new BrokenDirectory(reasonOf(error), { cause: error });
  }
}

function toDirectoryEntry(entry: Entry, junk: number): DirectoryEntry {
  return {
    rawName: decodeName(entry),
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    offset: entry.relativeOffsetOfLocalHeader + junk,
    unixMode: entry.externalFileAttributes >>> 16,
  };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeName(entry: Entry): string {
  const utf8Flag = 0x800;
  const flags = entry.generalPurposeBitFlag;
  if ((flags & utf8Flag) === 0 && entry.fileNameRaw.some((byte) => byte >= 0x80)) {
    // Many tools on Linux write UTF-8 and forget to say so. Names in CP437 are hardly ever valid UTF-8 by chance.
    try {
      const name = strictUtf8.decode(entry.fileNameRaw);
      const hasUnicodeField = entry.extraFields.some((field) => field.id === 0x7075);
      if (!hasUnicodeField) return name;
    } catch {
      // CP437 then, or the Unicode path field.
    }
  }
  return getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, true);
}
