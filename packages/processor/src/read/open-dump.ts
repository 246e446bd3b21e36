import { type EntryLocation, openEntry } from '@rawreel/archive';

/** What every reading of a dump goes by. */
export interface ReadingOptions {
  readonly maxEntrySize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes read at once from a copy on disk. Default: what suits one track by itself. */
  readonly copyPieceBytes?: number | undefined;
  /** Told as bytes are read. */
  readonly onBytes: (bytes: number) => void;
}

/** Makes dumps readable from any thread, where an archive is read over a network. */
export type FetchDumps = (dumps: readonly EntryLocation[], signal?: AbortSignal) => Promise<void>;

/** The bytes of a dump that a scan could read: it has reported the damage that ends them here at the same place. */
export async function* readableBytesOf(
  dump: EntryLocation,
  options: Omit<ReadingOptions, 'onBytes'>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* openDump(dump, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_ENTRY_')))
      throw error;
  }
}

/** The inflated bytes of a dump; throws what `openEntry` throws. */
export function openDump(
  dump: EntryLocation,
  { signal, maxEntrySize }: Omit<ReadingOptions, 'onBytes'>,
): AsyncIterable<Uint8Array> {
  return openEntry(dump, { signal, maxEntrySize });
}
