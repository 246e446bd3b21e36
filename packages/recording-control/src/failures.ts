import { printable, redact } from '@rawreel/text';
import { RecordingControlError } from './errors.ts';
import { FAILURES, type Facts, type FailureRow, isRefusal, MODE, type Obstacle } from './failure-rows.ts';
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
  const row = FAILURES.find(({ when }) => when(facts)) as FailureRow;
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
