export type DeliveryErrorCode =
  /** An output that is neither a folder nor `s3://bucket/prefix`. */
  | 'ERR_DESTINATION'
  /** The manifest in a bucket was written by others each time that it was to be merged. */
  | 'ERR_OBJECT_CHANGED';

/**
 * Why files could not be brought to where they belong, as far as no package below tells it.
 *
 * `message` is one line saying what; `hint` is empty or a line saying what to do. Neither holds a secret part of an address, and
 * control characters of foreign text are escaped.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly code: DeliveryErrorCode;
  readonly hint: string;

  constructor(code: DeliveryErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
