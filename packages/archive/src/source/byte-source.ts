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
  /** A second close does nothing. */
  close(): Promise<void>;
}
