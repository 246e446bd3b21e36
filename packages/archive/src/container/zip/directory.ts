import { type Entry, getFileNameLowLevel, RandomAccessReader, ZipFile } from 'yauzl';
import type { ByteSource } from '../../source/byte-source.ts';
import type { ZipDirectory } from './end-record.ts';

/** The directory's records are some 100 bytes each: read many at once. */
const WINDOW = 256 * 1024;

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
  // As fromRandomAccessReader does; close() takes it back.
  (reader as unknown as { ref(): void }).ref();
  const zip = new ZipFile(
    reader,
    directory.offset,
    source.byteLength,
    directory.entryCount,
    '',
    false,
    true,
    false,
    false,
  );
  const slot: { entry?: Entry | undefined; ended?: boolean; failure?: Error; wake: () => void } = {
    wake: () => undefined,
  };
  zip.on('entry', (entry: Entry) => {
    slot.entry = entry;
    slot.wake();
  });
  zip.on('end', () => {
    slot.ended = true;
    slot.wake();
  });
  zip.on('error', (error: Error) => {
    slot.failure = error;
    slot.wake();
  });
  try {
    for (;;) {
      slot.entry = undefined;
      zip.readEntry();
      while (slot.entry === undefined && slot.ended !== true && slot.failure === undefined) {
        await new Promise<void>((resolve) => {
          slot.wake = resolve;
        });
      }
      if (slot.entry !== undefined) yield toDirectoryEntry(slot.entry, directory.junk);
      else if (slot.failure !== undefined)
        throw reader.failure ?? new BrokenDirectory(slot.failure.message, { cause: slot.failure });
      else return;
    }
  } finally {
    zip.close();
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

/** Serves yauzl's small reads from one window. It never opens a stream: yauzl's own reader closes the file with it. */
class WindowReader extends RandomAccessReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;
  /** Why the source could not be read. */
  failure: unknown;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (this.#serve(buffer, offset, length, position)) {
      callback(null);
      return;
    }
    this.#source.read(position, Math.max(length, WINDOW)).then(
      (bytes) => {
        this.#window = bytes;
        this.#windowStart = position;
        const served = this.#serve(buffer, offset, length, position);
        callback(served ? null : new Error('the file ends inside the directory'));
      },
      (error: Error) => {
        this.failure = error;
        callback(error);
      },
    );
  }

  #serve(buffer: Buffer, offset: number, length: number, position: number): boolean {
    const from = position - this.#windowStart;
    if (from < 0 || from + length > this.#window.byteLength) return false;
    buffer.set(this.#window.subarray(from, from + length), offset);
    return true;
  }

  override close(callback: (error: Error | null) => void): void {
    // The source is not ours.
    callback(null);
  }
}
