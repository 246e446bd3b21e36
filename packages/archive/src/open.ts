import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { RemoteObjectOptions } from '@rawreel/storage';
import { isAddress } from '@rawreel/storage/address';
import { DEFAULT_MAX_ENTRIES, DEFAULT_MAX_ENTRY_SIZE, mostInflated } from './bounds.ts';
import type { Contents, Limits } from './container/contents.ts';
import { describeForeign, kindByStart, START_LENGTH } from './container/detect.ts';
import { readFolder } from './container/folder.ts';
import { Spool } from './container/tar/spool.ts';
import { findZipDirectory } from './container/zip/end-record.ts';
import { ensureEntry } from './entry/ensure-entry.ts';
import { ArchiveError, stopIfAborted } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { findTrack } from './metadata/find-track.ts';
import { ProblemList } from './problem-list.ts';
import type { ArchiveKind, EntryLocation, Recording, Track, TrackIds } from './recording.ts';
import type { ByteSource } from './source/byte-source.ts';
import { inputError, openFileSource } from './source/file-source.ts';

/** What is believed of an archive at most. */
export interface ReadingLimits {
  /** Bytes of one entry, inflated. Default: 16 GiB. */
  readonly maxEntrySize?: number | undefined;
  /** Default: 100 000. */
  readonly maxEntries?: number | undefined;
}

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ReadingLimits | undefined;
  /**
   * Where dumps of a tar.gz are written while it is read, so that it is inflated only once: without it, opening an
   * entry inflates the archive from its start. Other containers make no use of it. Files get names of their own and
   * go when the recording is closed; where the disk has no room, entries stay in the archive.
   */
  readonly spoolFolder?: string | undefined;
  /** What a file is called, where that is not its path: in errors, and as `source`. */
  readonly description?: string | undefined;
  /** How an archive at an address is read. Default cache: a private temporary folder, removed on `close`. */
  readonly remote?: Omit<Partial<RemoteObjectOptions>, 'signal'> | undefined;
}

export interface OpenedRecording extends Recording, AsyncDisposable {
  /**
   * The track with this id. Sessions may share one, and tracks without an id are called by their type: `which` then says whose.
   *
   * @throws ArchiveError ERR_NO_SUCH_TRACK, ERR_TRACK_AMBIGUOUS
   */
  track(which: string | TrackIds): RecordedTrack;
  /**
   * Makes dumps readable for every thread and process; returns at once where they are, as those of a file. Opening an entry
   * of an archive that is read over a network needs it.
   *
   * @throws StorageError
   */
  fetch(dumps: readonly EntryLocation[], signal?: AbortSignal): Promise<void>;
  /** Bytes that have come over the network so far; undefined where the archive is here. */
  readonly transferred: number | undefined;
  /** Removes spooled dumps and closes the source. */
  close(): Promise<void>;
}

/** A track and the recording that it is in: what its frames are read of. */
export interface RecordedTrack {
  readonly recording: OpenedRecording;
  /** One of `recording.tracks`. */
  readonly track: Track;
}

interface Opening {
  readonly name: string;
  readonly limits: Limits;
  readonly problems: ProblemList;
  readonly signal: AbortSignal | undefined;
  readonly spoolFolder: string | undefined;
  spool: Spool | undefined;
}

/**
 * Opens a raw recording: a path of a ZIP, tar, tar.gz or folder, or an address (`s3://bucket/key`, `https://…`) or a
 * ByteSource of one of the first three. What it is shows in its bytes, not in its name. A ByteSource is closed with the
 * recording, and when opening fails.
 *
 * Damage that leaves something to use is in `problems`; an entry's own bytes are only looked at by openEntry.
 *
 * @throws ArchiveError ERR_INPUT_NOT_FOUND, ERR_INPUT_UNREADABLE, ERR_EMPTY_INPUT, ERR_NOT_AN_ARCHIVE,
 * ERR_ZIP_NO_DIRECTORY, ERR_ZIP_EMPTY, ERR_NO_METADATA, ERR_METADATA_ALL_UNREADABLE, ERR_SPOOL_FAILED, ERR_ABORTED;
 * StorageError for what an address leads to.
 */
export async function openRecording(
  source: string | ByteSource,
  options: OpenOptions = {},
): Promise<OpenedRecording> {
  stopIfAborted(options.signal);
  if (typeof source !== 'string') return await openSource(source, options);
  if (isAddress(source)) return await openSource(await openAddress(source, options), options);
  if (!(await isFolder(source)))
    return await openSource(
      await openFileSource(source, { description: options.description }),
      options,
      resolve(source),
    );
  // What a folder holds is on a disk already.
  const opening = openingOf(source, Number.POSITIVE_INFINITY, options);
  const contents = await readFolder(resolve(source), opening.limits, opening.problems, opening.signal);
  return assemble(contents, opening, undefined, () => Promise.resolve());
}

/** @param path of the file that the source is; entries open it themselves, so who forgets to close a recording keeps none open. */
async function openSource(source: ByteSource, options: OpenOptions, path?: string): Promise<OpenedRecording> {
  const opening = openingOf(source.description, source.byteLength, options);
  try {
    const contents = await readContainer(source, path ?? source.path ?? source.description, opening);
    const recording = await assemble(contents, opening, source, async () => {
      await source.close();
      await opening.spool?.remove();
    });
    if (path !== undefined) await source.close();
    return recording;
  } catch (error) {
    await source.close();
    await opening.spool?.remove();
    throw error;
  }
}

function openingOf(name: string, byteLength: number, { limits, signal, spoolFolder }: OpenOptions): Opening {
  return {
    name,
    limits: {
      maxEntrySize: limits?.maxEntrySize ?? DEFAULT_MAX_ENTRY_SIZE,
      maxEntries: limits?.maxEntries ?? DEFAULT_MAX_ENTRIES,
      maxInflated: mostInflated(byteLength, limits?.maxEntrySize),
    },
    problems: new ProblemList(),
    signal,
    spoolFolder,
    spool: undefined,
  };
}

async function openAddress(address: string, { remote, signal }: OpenOptions): Promise<ByteSource> {
  const { openRemoteObject } = await import('@rawreel/storage');
  return await openRemoteObject(address, {
    ...remote,
    cacheFolder: remote?.cacheFolder ?? tmpdir(),
    keep: remote?.cacheFolder === undefined ? false : remote.keep,
    signal,
  });
}

/** @throws ArchiveError where there is nothing, or something that is neither file nor folder. */
async function isFolder(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return true;
    if (stats.isFile()) return false;
  } catch (error) {
    throw inputError(path, error);
  }
  throw new ArchiveError('ERR_INPUT_UNREADABLE', `${excerpt(path)} is neither a file nor a folder`, {
    hint: 'An archive is read from several places at once: save it as a file first.',
  });
}

async function readContainer(source: ByteSource, path: string, opening: Opening): Promise<Contents> {
  const { limits, problems, signal } = opening;
  if (source.byteLength === 0) {
    throw new ArchiveError('ERR_EMPTY_INPUT', `${excerpt(source.description)} is empty: it has 0 bytes`, {
      hint: 'A download that failed before its first byte leaves such a file. Fetch it again.',
    });
  }
  const kind = await detect(source);
  // Threads that only open entries load none of what reads a whole archive.
  if (kind === 'zip') {
    const { readZip } = await import('./container/zip/zip.ts');
    return readZip(source, path, limits, problems, signal);
  }
  if (kind === 'tar.gz' && opening.spoolFolder !== undefined) {
    opening.spool = await Spool.create(opening.spoolFolder);
  }
  // All of it is needed, in its order. What goes wrong, the reading that follows will say.
  if (kind === 'tar.gz') source.ensure?.(0, source.byteLength, signal).catch(() => undefined);
  const { readTar } = await import('./container/tar/tar.ts');
  return readTar(source, { kind, path, limits, problems, spool: opening.spool, signal });
}

/** @throws ArchiveError ERR_NOT_AN_ARCHIVE */
async function detect(source: ByteSource): Promise<ArchiveKind> {
  const start = await source.read(0, START_LENGTH);
  const kind = kindByStart(start);
  if (kind !== undefined) return kind;
  // A self-extractor's stub, or whatever else was put before a ZIP: its directory stands at the end.
  const directory = await findZipDirectory(source);
  if (directory !== undefined && directory.entryCount > 0) return 'zip';
  const { startsWith, hint } = describeForeign(start);
  throw new ArchiveError(
    'ERR_NOT_AN_ARCHIVE',
    `${excerpt(source.description)} is not an archive: it starts with ${startsWith}`,
    { hint },
  );
}

async function assemble(
  contents: Contents,
  opening: Opening,
  source: ByteSource | undefined,
  close: () => Promise<void>,
): Promise<OpenedRecording> {
  const { name, limits, problems, signal } = opening;
  const { loadMetadata } = await import('./metadata/load-metadata.ts');
  const { buildRecording } = await import('./metadata/build-recording.ts');
  const { loaded, places } = await loadMetadata(contents, name, problems, signal);
  const { maxInflated } = limits;
  const parts = await buildRecording({ contents, loaded, places, maxInflated, problems, signal });
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  const recording: OpenedRecording = {
    source: name,
    container: { kind: contents.kind, byteLength: contents.byteLength },
    ...parts,
    problems: problems.toArray(),
    track: (which) => ({ recording, track: findTrack(parts.tracks, which) }),
    fetch: async (dumps, fetchSignal) => {
      if (source?.ensure === undefined) return;
      await Promise.all(dumps.map((dump) => ensureEntry(dump, source, fetchSignal)));
    },
    get transferred() {
      return source?.transferred;
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
  return recording;
}
