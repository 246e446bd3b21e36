/** Where the finished mix goes. */
export interface MixSink {
  /** Appends blocks of one length, a channel each, within ±1; they are the caller's again when it settles. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Settles when the file is whole. */
  finish(): Promise<void>;
  /** Ends without a whole file; leaves no process and no descriptor behind. Never rejects. */
  abandon(): Promise<void>;
}
