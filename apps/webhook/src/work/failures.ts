import type { ArchiveError } from '@rawreel/archive';
import type { DeliveryErrorCode } from '@rawreel/delivery';
import { AttemptFailure, type FailureKind } from '@rawreel/jobs';
import type { FailedOutput, ProcessorErrorCode, Report } from '@rawreel/processor';
import type { RecordingControlErrorCode } from '@rawreel/recording-control';
import type { StorageErrorCode } from '@rawreel/storage';

type Code =
  | ArchiveError['code']
  | DeliveryErrorCode
  | ProcessorErrorCode
  | RecordingControlErrorCode
  | StorageErrorCode;

/** What kind of failure each error of the packages is, and so how often it is tried again. The compiler asks for every code. */
const KIND_OF_CODE = {
  ERR_LINK_EXPIRED: 'expired-link',
  // Storage says the same of a link that is over in a way it does not tell, and of a file that is gone: a new listing knows.
  ERR_OBJECT_NOT_FOUND: 'expired-link',
  ERR_ACCESS_DENIED: 'expired-link',
  // A call whose id Stream cannot be asked for: its link is over, and no new one is to be had.
  ERR_INVALID_NAME: 'expired-link',

  ERR_UNREACHABLE: 'network',
  ERR_BAD_ANSWER: 'network',
  ERR_TIMED_OUT: 'network',
  ERR_RATE_LIMITED: 'network',
  ERR_UPLOAD_FAILED: 'network',
  ERR_OBJECT_CHANGED: 'network',
  ERR_NOT_READY: 'network',
  // Another run is writing there: it ends.
  ERR_MANIFEST_LOCKED: 'network',

  ERR_NO_SPACE: 'disk-full',
  ERR_DISK_FULL: 'disk-full',
  ERR_SPOOL_FAILED: 'disk-full',

  ERR_EMPTY_INPUT: 'damaged',
  ERR_NOT_AN_ARCHIVE: 'damaged',
  ERR_ZIP_NO_DIRECTORY: 'damaged',
  ERR_ZIP_EMPTY: 'damaged',
  ERR_NO_METADATA: 'damaged',
  ERR_METADATA_ALL_UNREADABLE: 'damaged',
  ERR_ENTRY_TOO_LARGE: 'damaged',
  ERR_ENTRY_DAMAGED: 'damaged',
  ERR_OBJECT_TOO_LARGE: 'damaged',
  ERR_NOTHING_TO_EXTRACT: 'damaged',
  ERR_TRACK_FAILED: 'damaged',
  ERR_NO_MEDIA: 'damaged',
  ERR_CODEC_UNSUPPORTED: 'damaged',
  ERR_TOO_MUCH_SILENCE: 'damaged',

  ERR_NO_CREDENTIALS: 'configuration',
  ERR_NO_AWS_SDK: 'configuration',
  ERR_WRONG_REGION: 'configuration',
  ERR_CACHE_UNUSABLE: 'configuration',
  ERR_NOT_SUPPORTED: 'configuration',
  ERR_DESTINATION: 'configuration',
  ERR_NO_FFMPEG: 'configuration',
  ERR_OUTPUT_UNWRITABLE: 'configuration',
  ERR_OUTPUT_EXISTS: 'configuration',
  ERR_MANIFEST_UNREADABLE: 'configuration',
  ERR_NOT_PERMITTED: 'configuration',
  ERR_UNSAFE_BASE_URL: 'configuration',
  ERR_CONTAINER_CODEC: 'configuration',
  ERR_MIX_LAYOUT: 'configuration',
  ERR_COMPOSITE_LOOK: 'configuration',
  ERR_NAME_TEMPLATE: 'configuration',
  ERR_NAMES_UNREADABLE: 'configuration',
  ERR_LAYOUT_UNREADABLE: 'configuration',
  ERR_NO_SUCH_TIME: 'configuration',

  // The call is not at Stream any more.
  ERR_NOT_FOUND: 'gone',

  ERR_ADDRESS: 'bug',
  ERR_INPUT_NOT_FOUND: 'bug',
  ERR_INPUT_UNREADABLE: 'bug',
  ERR_ABORTED: 'bug',
  ERR_NO_SUCH_USER: 'bug',
  ERR_NO_SUCH_SESSION: 'bug',
  ERR_NO_SUCH_TRACK: 'bug',
  ERR_TRACK_AMBIGUOUS: 'bug',
  ERR_FILTERS_EXCLUSIVE: 'bug',
  ERR_REMUX_FAILED: 'bug',
  ERR_ENCODER_FAILED: 'bug',
  ERR_OUTPUT_DIFFERS: 'bug',
  ERR_OUTPUTS_COLLIDE: 'bug',
  ERR_NO_KIT: 'bug',
  ERR_NO_TRANSCRIPTION: 'bug',
  ERR_TRANSCRIPTION_UNREADABLE: 'bug',
  ERR_TRANSCRIBER_COMMAND: 'bug',
  ERR_TRANSCRIBER_FAILED: 'bug',
  ERR_RECORDING_DISABLED: 'bug',
  ERR_CALL_ENCRYPTED: 'bug',
  ERR_NO_SESSION: 'bug',
  ERR_BAD_REQUEST: 'bug',
  ERR_HOOKS_UNSURE: 'bug',
  ERR_HOOKS_CHANGED: 'bug',
} as const satisfies Record<Code, FailureKind>;

/** What to do, where a package says it to whoever types commands. */
const HINTS: Partial<Readonly<Record<Code, string>>> = {
  ERR_CONTAINER_CODEC: 'Set muxed.container of its call type to mkv, which holds every codec.',
  ERR_MIX_LAYOUT: 'Set mix.layout or mix.format of its call type to another.',
  ERR_NOTHING_TO_EXTRACT:
    'Look at make of its call type; muxed.includeSingle makes files of tracks without a partner.',
  ERR_NO_FFMPEG: 'Install ffmpeg, or set ffmpegPath (FFMPEG_PATH).',
  ERR_DISK_FULL: 'Free some space, or set output to a larger disk: unfinished files lie there, too.',
  ERR_OUTPUT_UNWRITABLE: 'Set output to a folder that the service may write to.',
  ERR_OUTPUTS_COLLIDE: 'Report it.',
  ERR_REMUX_FAILED:
    'Where ffmpeg is a snap, it sees only the home folder: set ffmpegPath (FFMPEG_PATH) to another one.',
  ERR_OUTPUT_DIFFERS: 'It was not kept. If it happens again, report it.',
  ERR_TOO_MUCH_SILENCE: 'One of its times is wrong: rawreel list-tracks shows them.',
  ERR_ENCODER_FAILED:
    'Where ffmpeg is a snap, it sees only the home folder: set ffmpegPath (FFMPEG_PATH) to another one.',
};

/** What the system says, where no package has said it better. */
const KIND_OF_SYSTEM_ERROR: Readonly<Record<string, FailureKind>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EACCES: 'configuration',
  EPERM: 'configuration',
  EROFS: 'configuration',
  ENOTDIR: 'configuration',
  ECONNREFUSED: 'network',
  ECONNRESET: 'network',
  ETIMEDOUT: 'network',
  ENOTFOUND: 'network',
  EAI_AGAIN: 'network',
};

const KINDS = new Map<string, FailureKind>(Object.entries({ ...KIND_OF_SYSTEM_ERROR, ...KIND_OF_CODE }));

/** What must be set right before another failure of the same run could matter; the first one that occurred is told. */
const WORST_FIRST: readonly FailureKind[] = [
  'disk-full',
  'configuration',
  'expired-link',
  'network',
  'bug',
  'damaged',
];

/** Options of the command line begin with `--`; what names none holds here as well. */
const hintOf = (code: unknown, hint: string | undefined): string | undefined =>
  hint?.includes('--') ? HINTS[code as Code] : hint;

export const failureKind = (code: unknown): FailureKind => KINDS.get(String(code)) ?? 'bug';

/**
 * Any error of an attempt as one that says how often it is tried again.
 *
 * @param output the base of all outputs: what is refused there is no link's fault
 */
export function attemptFailure(error: unknown, output: string): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  const {
    code,
    message = String(error),
    hint,
  } = error as { code?: unknown; message?: string; hint?: string };
  const kind = failureKind(code);
  const isOutput = kind === 'expired-link' && message.includes(output);
  return new AttemptFailure(isOutput ? 'configuration' : kind, withHint(message, hintOf(code, hint)), {
    cause: error,
  });
}

/** What was recorded of one track cannot be used: making it again will not help, and the files of the others are whole. */
const BEYOND_HELP: ReadonlySet<string> = new Set(['ERR_NO_MEDIA', 'ERR_CODEC_UNSUPPORTED']);

/** Undefined where all is there that can be made, also of a recording with damage that could be got over. */
export function failureOf({ files, failures: told }: Report): AttemptFailure | undefined {
  const failures = files.length > 0 ? told.filter(({ code }) => !BEYOND_HELP.has(code)) : told;
  const kinds = new Map<FailureKind, FailedOutput>();
  for (const failure of failures.toReversed()) kinds.set(failureKind(failure.code), failure);
  for (const kind of WORST_FIRST) {
    const worst = kinds.get(kind);
    if (worst === undefined) continue;
    const count = `${failures.length} of ${files.length + failures.length} files could not be made`;
    return new AttemptFailure(kind, withHint(`${count}: ${worst.message}`, hintOf(worst.code, worst.hint)));
  }
  return files.length > 0 ? undefined : new AttemptFailure('damaged', 'nothing in it could be made a file');
}

const withHint = (message: string, hint: string | undefined): string =>
  hint ? `${message}. ${hint}` : message;
