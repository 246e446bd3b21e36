export type ArchiveErrorCode =
  | 'ERR_INPUT_NOT_FOUND'
  | 'ERR_INPUT_UNREADABLE'
  | 'ERR_EMPTY_INPUT'
  | 'ERR_NOT_AN_ARCHIVE'
  | 'ERR_ZIP_NO_DIRECTORY'
  | 'ERR_ZIP_EMPTY'
  | 'ERR_NO_METADATA'
  | 'ERR_METADATA_ALL_UNREADABLE'
  | 'ERR_ENTRY_TOO_LARGE'
  | 'ERR_ENTRY_DAMAGED'
  | 'ERR_NO_SUCH_TRACK'
  | 'ERR_TRACK_AMBIGUOUS'
  | 'ERR_SPOOL_FAILED'
  | 'ERR_ABORTED';

/**
 * Why an archive or one of its entries could not be read.
 *
 * `message` is one line saying what; `hint` is empty or one or two lines saying where or why, and what to do. Foreign
 * text in both has its control characters escaped, so both can be printed as they are.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;
  readonly hint: string;

  constructor(
    code: ArchiveErrorCode,
    message: string,
    details: { hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? '';
  }
}

/** Whether an error says that an entry is damaged; else reading as a whole has failed, as when a network does. */
export const isDamage = (error: unknown): error is ArchiveError =>
  error instanceof ArchiveError && error.code !== 'ERR_ABORTED';

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ArchiveError('ERR_ABORTED', 'Reading was interrupted', { cause: signal.reason });
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
