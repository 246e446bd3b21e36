export type ProcessorErrorCode =
  | 'ERR_NO_SUCH_USER'
  | 'ERR_NO_SUCH_SESSION'
  | 'ERR_NO_SUCH_TRACK'
  | 'ERR_NO_SUCH_TIME'
  | 'ERR_NOTHING_TO_EXTRACT'
  | 'ERR_FILTERS_EXCLUSIVE'
  | 'ERR_CONTAINER_CODEC'
  | 'ERR_MIX_LAYOUT'
  | 'ERR_COMPOSITE_LOOK'
  | 'ERR_NAME_TEMPLATE'
  | 'ERR_NAMES_UNREADABLE'
  | 'ERR_LAYOUT_UNREADABLE'
  | 'ERR_NO_FFMPEG'
  | 'ERR_REMUX_FAILED'
  | 'ERR_OUTPUT_DIFFERS'
  | 'ERR_OUTPUT_EXISTS'
  | 'ERR_OUTPUT_UNWRITABLE'
  | 'ERR_MANIFEST_UNREADABLE'
  | 'ERR_TRACK_FAILED'
  | 'ERR_TOO_MUCH_SILENCE'
  | 'ERR_OUTPUTS_COLLIDE'
  | 'ERR_DISK_FULL'
  | 'ERR_MANIFEST_LOCKED'
  | 'ERR_NO_MEDIA'
  | 'ERR_CODEC_UNSUPPORTED'
  | 'ERR_ENCODER_FAILED'
  | 'ERR_NO_KIT'
  | 'ERR_NO_TRANSCRIPTION'
  | 'ERR_TRANSCRIPTION_UNREADABLE'
  | 'ERR_TRANSCRIBER_COMMAND'
  | 'ERR_TRANSCRIBER_FAILED';

interface ProcessorErrorFacts {
  readonly hint: string;
  readonly cause?: unknown;
  readonly known?: readonly string[] | undefined;
}

/** What this package throws: `code` for programs, `message` says what and where, `hint` what to do. */
export class ProcessorError extends Error {
  readonly code: ProcessorErrorCode;
  readonly hint: string;
  /** What a caller may want to build its own words from, such as the ids that exist. */
  readonly details: { readonly known?: readonly string[] };

  constructor(code: ProcessorErrorCode, message: string, options: ProcessorErrorFacts) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProcessorError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.known === undefined ? {} : { known: options.known };
  }
}
