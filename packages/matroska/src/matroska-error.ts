export type MatroskaErrorCode =
  /** An option that no file can be written with. */
  | 'option-invalid'
  /** WebM cannot hold this codec. */
  | 'codec-not-in-webm'
  /** The codec needs a CodecPrivate to be decodable and none was given. */
  | 'codec-private-missing'
  | 'track-unknown'
  | 'track-closed'
  | 'frame-empty'
  | 'frame-too-large'
  /** Negative, not finite, or beyond what a file can say. */
  | 'timestamp-invalid'
  /** Not later than the frame before it on the same track, once both are whole milliseconds. */
  | 'timestamp-not-increasing'
  /** Called again before the promise of the call before it settled. */
  | 'write-pending'
  /** Called after `finish`. */
  | 'writer-finished'
  /** Called after a sink failed; the cause is that failure. */
  | 'writer-failed'
  | 'sink-closed'
  | 'sink-open-failed'
  | 'sink-write-failed';

/** The one error class of this package. `code` is for programs, `message` for people. */
export class MatroskaError extends Error {
  override readonly name = 'MatroskaError';
  readonly code: MatroskaErrorCode;

  constructor(code: MatroskaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
