import { type EntryLocation, openEntry } from '@rawreel/archive';

/** What every reading of a dump goes by. */
export interface ReadingOptions {
  readonly maxEntrySize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Read at once from a copy on disk; what suits one track by itself unless told. */
  readonly copyPieceBytes?: number;
  /** Told as bytes are read. */
  readonly onBytes: (bytes: number) => void;
}

/** Makes dumps readable from any thread, where an archive is read over a network. */
export type FetchDumps = (dumps: readonly EntryLocation[], signal?: AbortSignal) => Promise<void>;

/** The inflated bytes of a dump; throws what `openEntry` throws. */
export function openDump(
  dump: EntryLocation,
  { signal, maxEntrySize }: Omit<ReadingOptions, 'onBytes'>,
): AsyncIterable<Uint8Array> {
  return openEntry(dump, {
    ...(signal === undefined ? {} : { signal }),
    ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
  });
}
