/**
 * Raw deflate driven by hand, a piece in and its chunks out, so that three things hold which piping does not give: at most
 * one output chunk waits however far a piece expands; everything that a piece yields is handed out before the next piece
 * goes in; and an error never takes earlier output with it.
 */
export interface Inflater {
  /** The compressed stream is complete: what follows belongs to something else. */
  readonly ended: boolean;
  /** Bytes that went in and were part of the stream. */
  readonly consumed: number;
  /** @throws zlib's own error where the piece cannot be inflated; what it yielded up to there may be lost. */
  feed(piece: Uint8Array): Chunks;
  /** @throws zlib's own error where the stream is not complete. */
  finish(): Chunks;
  close(): void;
}

/** Each is the caller's to keep. */
export type Chunks = Generator<Uint8Array, void, void> | AsyncGenerator<Uint8Array, void, void>;
