import { crc32 } from 'node:zlib';
import { formatBytes } from '@rawreel/text';
import { DEFAULT_MAX_ENTRY_SIZE } from '../bounds.ts';
import { ArchiveError, stopIfAborted } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { EntryLocation } from '../recording.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { openFileSource } from '../source/file-source.ts';
import { readPieces } from '../source/pieces.ts';
import { inflateGzip } from './gzip.ts';
import { InflateFailure, inflateRange } from './inflate-range.ts';
import { findDataOffset } from './local-header.ts';

export interface OpenEntryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Inflated bytes. Default: 16 GiB. */
  readonly maxEntrySize?: number | undefined;
  /** Where the archive is no file: the source that the recording was opened from. It is not closed. */
  readonly source?: ByteSource | undefined;
}

/**
 * An entry's inflated bytes, in chunks of up to 1 MiB that are the caller's to keep. `location` is a plain value:
 * the archive is opened anew, so this works in any thread and needs no other state.
 *
 * @throws ArchiveError ERR_ENTRY_TOO_LARGE as soon as the entry exceeds its declared size or the limit;
 * ERR_ENTRY_DAMAGED where its bytes are broken, missing or fail their checksum, after every byte that could be read
 * has been given out; ERR_INPUT_NOT_FOUND, ERR_INPUT_UNREADABLE, ERR_ABORTED.
 */
export async function* openEntry(
  location: EntryLocation,
  options: OpenEntryOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  stopIfAborted(options.signal);
  const limit = options.maxEntrySize ?? DEFAULT_MAX_ENTRY_SIZE;
  if (location.size > limit)
    throw tooLarge(location, `is declared with ${formatBytes(location.size)}`, limit);
  if (location.container !== 'file' && options.source !== undefined) {
    yield* checked(location, options.source, options.signal);
    return;
  }
  const source = await openFileSource(
    location.path,
    location.container === 'file' ? { followLink: false, identity: location.identity } : {},
  );
  try {
    yield* checked(location, source, options.signal);
  } finally {
    await source.close();
  }
}

async function* checked(
  location: EntryLocation,
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const checksum = location.container === 'zip' ? location.crc32 : undefined;
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of rawChunks(location, source, signal)) {
      stopIfAborted(signal);
      size += chunk.byteLength;
      if (size > location.size) throw tooLarge(location, 'goes on behind its declared size', location.size);
      if (checksum !== undefined) crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof InflateFailure)) throw error;
    throw damaged(location, `cannot be inflated behind byte ${size}: ${error.message}`, error);
  }
  if (size < location.size) {
    throw damaged(location, `ends after ${formatBytes(size)} of ${formatBytes(location.size)}`);
  }
  if (checksum !== undefined && crc !== checksum) {
    throw damaged(location, `does not have the checksum that the archive gives for it`);
  }
}

function rawChunks(
  location: EntryLocation,
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  switch (location.container) {
    case 'zip':
      return zipChunks(location, source, signal);
    case 'tar':
      return readPieces(source, location.offset, location.size, { signal });
    case 'tar.gz':
      return slice(inflateGzip(source, { signal }), location.offset, location.size);
    case 'file':
      return readPieces(source, 0, location.size, { signal });
    default:
      return location satisfies never;
  }
}

async function* zipChunks(
  location: EntryLocation & { container: 'zip' },
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const start = await findDataOffset(source, location.offset);
  if (start === undefined) throw damaged(location, `has no local header at byte ${location.offset}`);
  yield* location.compression === 'deflated'
    ? inflateRange(source, start, location.compressedSize, signal)
    : readPieces(source, start, location.compressedSize, { signal });
}

async function* slice(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  size: number,
): AsyncGenerator<Uint8Array, void, void> {
  const end = offset + size;
  if (size === 0) return;
  let position = 0;
  for await (const chunk of chunks) {
    const from = Math.max(0, offset - position);
    const to = Math.min(chunk.byteLength, end - position);
    position += chunk.byteLength;
    if (from < to) yield chunk.subarray(from, to);
    if (position >= end) return;
  }
}

function tooLarge(location: EntryLocation, what: string, limit: number): ArchiveError {
  return new ArchiveError('ERR_ENTRY_TOO_LARGE', `${excerpt(location.name)} ${what}`, {
    hint: `At most ${formatBytes(limit)} are read from it: entries that inflate without end are how archives fill disks.`,
  });
}

function damaged(location: EntryLocation, what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('ERR_ENTRY_DAMAGED', `${excerpt(location.name)} ${what}`, {
    hint: 'The archive is damaged there. Fetch it again if there is a whole copy.',
    cause,
  });
}
