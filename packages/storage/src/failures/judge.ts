import { linkExpiry, printable } from '@rawreel/text';
import { type Address, describeAddress } from '../address.ts';
import { StorageError } from '../errors.ts';
import { BadAnswer, Changed } from '../transfer/answer.ts';
import { Refusal } from '../transfer/range-reader.ts';
import { Stalled } from '../transfer/stalled.ts';
import type { Facts } from './failure-row.ts';
import { READ_FAILURES, type ReadFailure } from './read-failures.ts';

export interface Judgement {
  readonly error: StorageError;
  readonly isRepeated: boolean;
  /** In a few words, for whoever is told that it is tried again. */
  readonly reason: string;
  /** What the server asks to wait at least. */
  readonly retryAfterMs: number;
}

/** @param wasReached whether the server has answered before */
export function judge(failure: unknown, address: Address, wasReached: boolean): Judgement {
  if (failure instanceof StorageError) {
    return { error: failure, isRepeated: false, reason: failure.message, retryAfterMs: 0 };
  }
  const facts = factsOf(failure, address);
  const row = READ_FAILURES.find(({ when }) => when(facts)) as ReadFailure;
  const what = `${describeAddress(address)} ${printable(row.predicate(facts))}`;
  return {
    error: new StorageError(row.code, what, { hint: row.hint, cause: causeOf(facts) }),
    isRepeated: row.repeat === 'always' || (row.repeat === 'once reached' && wasReached),
    reason: printable(isOurs(facts.error) ? facts.error.message : facts.code),
    retryAfterMs: failure instanceof Refusal ? (failure.retryAfterMs ?? 0) : 0,
  };
}

export function aborted(address: Address, signal: AbortSignal | undefined): StorageError {
  return new StorageError('ERR_ABORTED', `Reading ${describeAddress(address)} was aborted`, {
    cause: signal?.reason,
  });
}

function factsOf(failure: unknown, address: Address): Facts {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const expiry = address.scheme === 's3' ? undefined : linkExpiry(address.url.href);
  return {
    error,
    action: 'cannot be read',
    status: error instanceof Refusal ? error.status : 0,
    code: error instanceof Refusal ? error.code : networkCode(error),
    isS3: address.scheme === 's3',
    linkIsOver: expiry !== undefined && expiry.getTime() < Date.now(),
  };
}

/** The first code down the chain of causes; the name of the error where there is none. */
function networkCode(error: Error): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string' && code !== 'UND_ERR_SOCKET') return code;
  }
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

/** Errors of the clients carry requests and answers along, signatures among them: of those only the words are kept. */
function causeOf({ error, code }: Facts): Error {
  return isOurs(error) ? error : new Error(`${error.name} ${code}`);
}

function isOurs(error: Error): boolean {
  return [Refusal, BadAnswer, Changed, Stalled].some((kind) => error instanceof kind);
}
