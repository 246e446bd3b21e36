/**
 * Bytes that can be read anywhere: a file, memory, and whatever else answers range requests.
 *
 * Every implementation passes the same contract suite (test/source/byte-source-contract.ts).
 */
export interface ByteSource {
  /** What a person calls it: a path, an address. */
  readonly description: string;
  readonly byteLength: number;
  /**
   * Bytes from `position` on: exactly `length` of them, fewer only where the source ends, none behind its end. The
   * result is the caller's to keep. Reads may overlap in time.
   */
  read(position: number, length: number): Promise<Uint8Array>;
  /** A second close does nothing. */
  close(): Promise<void>;
}
