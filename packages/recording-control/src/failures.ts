import { printable, redact } from '@rawreel/text';
import { RecordingControlError, type RecordingControlErrorCode } from './errors.ts';
import type { RateLimit } from './rate-gate.ts';

/** An answer of the API that does not hold what is relied on. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
}

export interface Judgement {
  readonly error: RecordingControlError;
  /** Whether another try can end otherwise. */
  readonly isPassing: boolean;
  /** Whether the API may have done what it was asked for. */
  readonly mayHaveHappened: boolean;
  /** What the API said: a refusal may only mean that there is nothing left to do. */
  readonly isRefusal: boolean;
}

/** Raw recording is switched off, or nobody is in the call. */
export type Obstacle = 'disabled' | 'noSession';

const MODE = 'settings.raw_recording.mode';

/** What is known of a failure. */
interface Facts {
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** What the API said, or the network. */
  readonly words: string;
  readonly isTimeout: boolean;
  /** Something answered, but not in JSON. */
  readonly isForeign: boolean;
  /** The API answered, but otherwise than its types say. */
  readonly isUnusable: boolean;
  /** `ECONNREFUSED` and the like; empty where the network did not fail. */
  readonly networkCode: string;
  readonly resetAt: Date | undefined;
  /** What rules the action out, where the state read says so. */
  readonly obstacle: Obstacle | undefined;
}

interface Row {
  readonly when: (facts: Facts) => boolean;
  readonly code: RecordingControlErrorCode;
  /** After the action and a colon. */
  readonly what: (facts: Facts) => string;
  readonly hint: string;
  readonly isPassing: boolean;
  readonly mayHaveHappened: boolean;
}

const FINAL = { isPassing: false, mayHaveHappened: false };
const UNKNOWN = { isPassing: true, mayHaveHappened: true };

const isRefusal = ({ status }: Facts) => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** The first row that fits says what a failure is called, what to do, and whether it is worth another try. */
const ROWS: readonly Row[] = [
  {
    when: (facts) => isRefusal(facts) && facts.obstacle === 'disabled',
    code: 'ERR_RECORDING_DISABLED',
    what: () => `raw recording is switched off by ${MODE} ("disabled")`,
    hint: 'Set the mode to "available" or "auto-on", on the call or on its call type.',
    ...FINAL,
  },
  {
    // Other refusals have nothing to do with who is there. Somebody may have joined before the state was read.
    when: ({ status, obstacle, words }) =>
      status === 400 && (obstacle === 'noSession' || /\bno active session\b/i.test(words)),
    code: 'ERR_NO_SESSION',
    what: ({ words }) => `nobody is in the call (${words})`,
    hint: 'Only a call that somebody has joined can be recorded. With the mode "auto-on" recording starts with the call by itself.',
    ...FINAL,
  },
  {
    when: ({ status }) => status === 404,
    code: 'ERR_NOT_FOUND',
    what: ({ words }) => `it does not exist (${words})`,
    hint: 'Check the name, and that the API key is that of the right app.',
    ...FINAL,
  },
  {
    when: ({ status }) => status === 401,
    code: 'ERR_NOT_PERMITTED',
    what: ({ words }) => `the API key or its secret is refused (${words})`,
    hint: 'Check that key and secret belong together, and the clock of this machine.',
    ...FINAL,
  },
  {
    when: ({ status }) => status === 403,
    code: 'ERR_NOT_PERMITTED',
    what: ({ words }) => `the API does not permit it (${words})`,
    hint: "Check what the app's plan and settings allow, in Stream's dashboard.",
    ...FINAL,
  },
  {
    when: ({ status }) => status === 429,
    code: 'ERR_RATE_LIMITED',
    what: ({ resetAt }) =>
      `too many requests, ${resetAt ? `again from ${resetAt.toISOString()}` : 'for now'}`,
    hint: 'Try again then. Other programs that use the same app share its limits.',
    isPassing: true,
    mayHaveHappened: false,
  },
  {
    when: isRefusal,
    code: 'ERR_BAD_REQUEST',
    what: ({ words }) => `the API refuses the request (${words})`,
    hint: 'The API says in brackets what it does not accept.',
    ...FINAL,
  },
  {
    when: ({ status }) => status === 408 || status >= 500,
    code: 'ERR_BAD_ANSWER',
    what: ({ status }) => `the API answers ${status}, again and again`,
    hint: "Stream or something before it is out of order: try again later, and look at Stream's status page.",
    ...UNKNOWN,
  },
  {
    when: ({ status }) => status > 0,
    code: 'ERR_BAD_ANSWER',
    what: ({ status }) => `something answers ${status}, which the API does not`,
    hint: 'Check the base URL.',
    ...FINAL,
  },
  {
    when: ({ isTimeout }) => isTimeout,
    code: 'ERR_TIMED_OUT',
    what: () => 'no answer came in time',
    hint: 'Check the network. A longer time-out can be set: timeoutMs, or timeout of the StreamClient.',
    ...UNKNOWN,
  },
  {
    when: ({ isUnusable }) => isUnusable,
    code: 'ERR_BAD_ANSWER',
    what: ({ words }) => `the answer is not as the API's types say (${words})`,
    hint: 'Check the base URL. If it is right, the API has changed: look for a newer version of this package.',
    ...FINAL,
  },
  {
    when: ({ isForeign }) => isForeign,
    code: 'ERR_BAD_ANSWER',
    what: ({ words }) => `the answer is none of the API (${words})`,
    hint: 'Check the base URL, and whether a proxy answers in place of the API.',
    ...UNKNOWN,
  },
  {
    when: ({ networkCode }) => NEVER_REACHED.test(networkCode),
    code: 'ERR_UNREACHABLE',
    what: ({ words }) => `the API cannot be reached (${words})`,
    hint: 'Check the base URL and the network.',
    ...FINAL,
  },
  {
    when: () => true,
    code: 'ERR_UNREACHABLE',
    what: ({ words }) => `the connection fails, again and again (${words})`,
    hint: 'Check the network.',
    ...UNKNOWN,
  },
];

/** No such host, nothing that listens, a certificate that is not accepted: no request has left, and none will. */
const NEVER_REACHED =
  /^(ENOTFOUND|ECONNREFUSED|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|EPROTO|ERR_INVALID_URL)$/;

interface Known {
  /** None of these is shown. */
  readonly secrets: readonly string[];
  readonly obstacle?: Obstacle | undefined;
  /** Whether the state could not be read that would say what has become of the request. */
  readonly isUnclear?: boolean | undefined;
}

/**
 * @param action a sentence's beginning: `default:standup cannot be recorded`.
 * @throws what is no failure of a request: a mistake in a program, or an error of ours
 */
export function judge(failure: unknown, action: string, { secrets, obstacle, isUnclear }: Known): Judgement {
  if (!isSdkError(failure) && !(failure instanceof UnusableAnswer)) throw failure;
  hideSecrets(failure, secrets);
  const facts = factsOf(failure, secrets, obstacle);
  const row = ROWS.find(({ when }) => when(facts)) as Row;
  const hint = isUnclear && row.mayHaveHappened ? `${UNCLEAR} ${row.hint}` : row.hint;
  return {
    error: new RecordingControlError(row.code, printable(`${action}: ${row.what(facts)}`), {
      hint,
      cause: failure,
      resetAt: row.code === 'ERR_RATE_LIMITED' ? facts.resetAt : undefined,
      setting: row.code === 'ERR_RECORDING_DISABLED' ? MODE : undefined,
    }),
    isPassing: row.isPassing,
    mayHaveHappened: row.mayHaveHappened,
    isRefusal: isRefusal(facts),
  };
}

const UNCLEAR = 'It may have been done all the same: look before you ask again.';

export function aborted(action: string, signal: AbortSignal): RecordingControlError {
  return new RecordingControlError('ERR_ABORTED', printable(`${action}: it was aborted`), {
    hint: 'A request that was under way may still be carried out.',
    cause: signal.reason,
  });
}

/** The SDK's class of errors is not exported: this is what it looks like. */
interface SdkError extends Error {
  readonly metadata: {
    readonly responseCode?: number;
    readonly rateLimit?: RateLimit;
    readonly responseHeaders?: Headers;
  };
  /** The API's own number; or the HTTP status; or, where no answer came, the Error of `fetch`. */
  readonly code?: unknown;
}

export function isSdkError(failure: unknown): failure is SdkError {
  return failure instanceof Error && 'metadata' in failure && typeof failure.metadata === 'object';
}

/** Expired (40), not valid yet (41), issued in the future (42): what clocks that differ come to. */
const TIME_CODES: readonly unknown[] = [40, 41, 42];

export function isOfWrongTime(failure: unknown): failure is SdkError {
  return isSdkError(failure) && failure.metadata.responseCode === 401 && TIME_CODES.includes(failure.code);
}

function factsOf(
  failure: SdkError | UnusableAnswer,
  secrets: readonly string[],
  obstacle: Obstacle | undefined,
): Facts {
  const { metadata, code } = failure as Partial<SdkError>;
  const status = metadata?.responseCode ?? 0;
  const isFetchFailure = status === 0 && code instanceof Error;
  const network = isFetchFailure ? networkFailure(code) : undefined;
  const reset = metadata?.rateLimit?.rateLimitReset;
  return {
    status,
    words: redact(wordsOf(network ?? (isFetchFailure ? code : failure)), secrets),
    isTimeout: status === 0 && isSdkError(failure) && !isFetchFailure,
    isForeign: isFetchFailure && network === undefined,
    isUnusable: failure instanceof UnusableAnswer,
    networkCode: network?.code ?? '',
    resetAt: reset === undefined || Number.isNaN(reset.getTime()) ? undefined : reset,
    obstacle,
  };
}

/**
 * What is below the error of `fetch`: undici's names a cause whenever the network failed, while an answer that is no JSON, or
 * `null`, becomes an error without one.
 */
function networkFailure(error: Error): NodeJS.ErrnoException | undefined {
  if (!(error.cause instanceof Error)) return undefined;
  const below: NodeJS.ErrnoException = error.cause;
  // Several addresses of a host that fail make one error, whose words are in its parts.
  const [first] = below instanceof AggregateError ? (below.errors as NodeJS.ErrnoException[]) : [];
  return first ?? below;
}

/** At most a few lines' worth: a proxy's page is no message. */
function wordsOf({ message }: Error): string {
  const words = message.replace(/^Stream error(?: code \S+)?: /, '');
  return words.length > 400 ? `${words.slice(0, 400)}…` : words;
}

/** The SDK's error repeats the words of the API, and becomes the cause of ours; so do the error of `fetch` in it, and the headers. */
function hideSecrets(error: Error, secrets: readonly string[]): void {
  for (const each of [error, (error as Partial<SdkError>).code, error.cause]) {
    if (!(each instanceof Error)) continue;
    const shown = redact(each.message, secrets);
    if (shown === each.message) continue;
    each.stack = redact(each.stack ?? '', secrets);
    each.message = shown;
  }
  const { metadata } = error as { metadata?: { responseHeaders?: Headers } };
  if (metadata?.responseHeaders === undefined) return;
  const headers = [...metadata.responseHeaders].map(([name, value]) => [name, redact(value, secrets)]);
  metadata.responseHeaders = new Headers(headers as [string, string][]);
}
