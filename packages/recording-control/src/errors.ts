export type RecordingControlErrorCode =
  /** An id or a file name that the SDK would make another request of; nothing was sent. */
  | 'ERR_INVALID_NAME'
  /** Requests to that address could be read on the way; nothing was sent. */
  | 'ERR_UNSAFE_BASE_URL'
  | 'ERR_NOT_FOUND'
  /** The key, the secret or what they may do is refused. */
  | 'ERR_NOT_PERMITTED'
  /** Raw recording is switched off for the call or its call type; `setting` says by what. */
  | 'ERR_RECORDING_DISABLED'
  /** An end-to-end encrypted call, which a server cannot record; `setting` says by what. */
  | 'ERR_CALL_ENCRYPTED'
  /** A recording needs somebody in the call. */
  | 'ERR_NO_SESSION'
  /** What was waited for has not come within the time that it was given; a recording that failed never does. */
  | 'ERR_NOT_READY'
  /** `resetAt` says when the API takes requests again, where it has told. */
  | 'ERR_RATE_LIMITED'
  | 'ERR_TIMED_OUT'
  | 'ERR_UNREACHABLE'
  | 'ERR_BAD_REQUEST'
  /** Hooks that are not ours could be lost by writing; nothing was written. */
  | 'ERR_HOOKS_UNSURE'
  /** Hooks are not what they were, or not what was written. */
  | 'ERR_HOOKS_CHANGED'
  /** What came is no answer of the API, or one that says that the API is out of order. */
  | 'ERR_BAD_ANSWER'
  | 'ERR_ABORTED';

/** What is known beside the message, each where it is. */
interface Details {
  readonly hint?: string | undefined;
  readonly resetAt?: Date | undefined;
  readonly setting?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Why something could not be read or done at Stream.
 *
 * `message` is one line saying what; `hint` is empty or one line saying why or what to do. `cause` is the SDK's own error, where it
 * threw one. None of them holds a secret, and control characters of foreign text are escaped in `message`.
 */
export class RecordingControlError extends Error {
  override readonly name = 'RecordingControlError';
  readonly code: RecordingControlErrorCode;
  readonly hint: string;
  /** With `ERR_RATE_LIMITED`. */
  readonly resetAt: Date | undefined;
  /** With `ERR_RECORDING_DISABLED` and `ERR_CALL_ENCRYPTED`: as the API spells it, `settings.raw_recording.mode`. */
  readonly setting: string | undefined;

  constructor(code: RecordingControlErrorCode, message: string, details: Details = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : {});
    this.code = code;
    this.hint = details.hint ?? '';
    this.resetAt = details.resetAt;
    this.setting = details.setting;
  }
}
