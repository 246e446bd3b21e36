/**
 * Bytes that can be read anywhere: a file, memory, and whatever else answers range requests.
 *
 * Every implementation passes the same contract suite (test/source/byte-source.test.ts).
 */
export interface ByteSource {
  /** What a person calls it: a path, an address. */
  readonly description: string;
  readonly byteLength: number;
  /**
   * Bytes from `position` on: exactly `length` of them, fewer only where the source ends, none behind its end. Reads
   * may overlap in time.
   *
   * The result is the caller's to keep. `into`, of `length` bytes or more, offers a place for them: a source may put
   * them there and return a view of it, which spares the dear part of a large read, memory that is touched for the
   * first time. It may also ignore the offer.
   */
  read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  /** Where reading costs time, such as over a network: makes a range as quick to read as a file, and resolves once it is. */
  ensure?(position: number, length: number, signal?: AbortSignal): Promise<void>;
  /** A file that has the source's bytes at their own positions, at least those that were ensured. */
  readonly path?: string;
  /** Bytes that have come over a network so far. */
  readonly transferred?: number;
  /** A second close does nothing. */
  close(): Promise<void>;
}
