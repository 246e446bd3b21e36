import { formatBytes, printable } from '@rawreel/text';
import { type Address, describeAddress } from '../address.ts';
import { StorageError, type StorageErrorCode } from '../errors.ts';
import { BadAnswer, Changed } from './answer.ts';
import { LedInside } from './guarded-connector.ts';
import { linkEndsAt } from './link-time.ts';
import { Refusal } from './range-reader.ts';

/** So little came for so long that the rest is not expected any more. */
export class Stalled extends Error {
  override readonly name = 'Stalled';

  /** Whether the server is there, and sends next to nothing. */
  readonly isDribble: boolean;

  /** @param count bytes that came in that time */
  constructor(stallMs: number, count = 0) {
    super(`${count === 0 ? 'nothing' : `no more than ${formatBytes(count)}`} came for ${stallMs / 1000} s`);
    this.isDribble = count > 0;
  }
}

export interface Judgement {
  readonly error: StorageError;
  readonly isRepeated: boolean;
  /** In a few words, for whoever is told that it is tried again. */
  readonly reason: string;
  /** What the server asks to wait at least. */
  readonly retryAfterMs: number;
}

/** What is known of a failure. */
interface Facts {
  readonly error: Error;
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** Storage's own word (`NoSuchKey`), or that of the network (`ECONNRESET`), or the error's name. */
  readonly code: string;
  readonly isS3: boolean;
  readonly linkIsOver: boolean;
}

interface Row {
  readonly when: (facts: Facts) => boolean;
  readonly code: StorageErrorCode;
  /** After the address. */
  readonly what: (facts: Facts) => string;
  readonly hint: string;
  /** Not at all; or at once; or only when the server has answered before, so that this is a break and not a wrong name. */
  readonly repeat: 'never' | 'always' | 'once reached';
}

const AGAIN = 'Run the same command again: what has come is kept.';

/** The first row that fits says what a failure is called, what to do, and whether it is worth another try. */
const ROWS: readonly Row[] = [
  {
    when: ({ error }) => error instanceof Changed,
    code: 'ERR_OBJECT_CHANGED',
    what: ({ error }) => `was changed while it was read: ${error.message}`,
    hint: 'Run the same command again: it begins anew with the object as it is now.',
    repeat: 'never',
  },
  {
    when: ({ status }) => status === 412 || status === 416,
    code: 'ERR_OBJECT_CHANGED',
    what: () => 'was changed while it was read',
    hint: 'Run the same command again: it begins anew with the object as it is now.',
    repeat: 'never',
  },
  {
    // The client corrects its clock by the answer, so the next try is signed with the right time.
    when: ({ isS3, code }) => isS3 && code === 'RequestTimeTooSkewed',
    code: 'ERR_ACCESS_DENIED',
    what: () => 'cannot be read: the clock of this machine is wrong',
    hint: 'Set the clock: signatures hold for minutes only.',
    repeat: 'always',
  },
  {
    when: ({ isS3, code }) => isS3 && /^(Expired|TokenRefreshRequired)/.test(code),
    code: 'ERR_NO_CREDENTIALS',
    what: () => 'cannot be read: the credentials have expired',
    hint: 'Sign in again (aws sso login), or export fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
    repeat: 'never',
  },
  {
    when: ({ error, status, linkIsOver }) =>
      [400, 401, 403].includes(status) && (linkIsOver || (error instanceof Refusal && error.saysExpired)),
    code: 'ERR_LINK_EXPIRED',
    what: () => 'cannot be read: the link has expired',
    hint: 'List the recording again for a fresh link: rawreel recording list <type:id>',
    repeat: 'never',
  },
  {
    when: ({ isS3, code }) => isS3 && /^(InvalidAccessKeyId|InvalidToken|SignatureDoesNotMatch)$/.test(code),
    code: 'ERR_ACCESS_DENIED',
    what: ({ code }) => `cannot be read: the credentials are refused (${code})`,
    hint: 'Check AWS_PROFILE or the keys in the environment, and the endpoint that they are for.',
    repeat: 'never',
  },
  {
    when: ({ status, code }) =>
      status === 301 || /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation)/.test(code),
    code: 'ERR_WRONG_REGION',
    what: () => 'is in another region than it was asked for in',
    hint: 'For s3:// set AWS_REGION to the region of the bucket; a signed URL has to be signed for it.',
    repeat: 'never',
  },
  {
    when: ({ code, error }) => code === 'Error' && error.message === 'Region is missing',
    code: 'ERR_WRONG_REGION',
    what: () => 'cannot be read: no region is set',
    hint: 'Set AWS_REGION, or the region of the profile.',
    repeat: 'never',
  },
  {
    when: ({ status, code }) => [404, 410].includes(status) || /^NoSuch(Key|Bucket|Version)$/.test(code),
    code: 'ERR_OBJECT_NOT_FOUND',
    what: ({ code }) => (code === 'NoSuchBucket' ? 'does not exist, nor does its bucket' : 'does not exist'),
    hint: 'Check the address: case counts, and recordings are deleted when their time is over.',
    repeat: 'never',
  },
  {
    when: ({ isS3, status }) => isS3 && (status === 401 || status === 403),
    code: 'ERR_ACCESS_DENIED',
    what: () => 'cannot be read: access is denied',
    hint: 'These credentials need s3:GetObject on it. Without s3:ListBucket, storage says the same of an object that is not there.',
    repeat: 'never',
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    code: 'ERR_ACCESS_DENIED',
    what: () => 'cannot be read: access is denied',
    hint: 'Check that the link was copied whole, its signature included, and quote it in the shell.',
    repeat: 'never',
  },
  {
    when: ({ status, code }) =>
      status === 408 || status === 429 || status >= 500 || /^(RequestTimeout|SlowDown|Throttling)/.test(code),
    code: 'ERR_BAD_ANSWER',
    what: ({ error }) => `cannot be read: the server answers ${error.message}, again and again`,
    hint: `The server is overloaded or out of order. ${AGAIN}`,
    repeat: 'always',
  },
  {
    when: ({ status }) => status > 0,
    code: 'ERR_BAD_ANSWER',
    what: ({ error }) => `cannot be read: the server answers ${error.message}`,
    hint: 'Check that the address is that of the file itself.',
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof LedInside,
    code: 'ERR_BAD_ANSWER',
    what: ({ error }) => `cannot be read: ${error.message}`,
    hint: 'If that is where the recording is, give its own address there.',
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof BadAnswer && error.final,
    code: 'ERR_BAD_ANSWER',
    what: ({ error }) => `cannot be read: ${error.message}`,
    hint: 'Check that the address is that of the file itself.',
    repeat: 'never',
  },
  {
    when: ({ error, code }) => error instanceof BadAnswer || BROKEN_ANSWERS.test(code),
    code: 'ERR_BAD_ANSWER',
    what: ({ error, code }) =>
      `cannot be read: the server's answers contradict themselves: ${error instanceof BadAnswer ? error.message : code}`,
    hint: 'Something between here and the server, or the server itself, is out of order.',
    repeat: 'always',
  },
  {
    when: ({ code }) => /^(CredentialsProviderError|TokenProviderError)$/.test(code),
    code: 'ERR_NO_CREDENTIALS',
    what: () => 'cannot be read: there are no credentials',
    hint: 'Give them one of the standard ways: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, aws sso login, or a role.\nA signed https:// URL needs none.',
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof Stalled,
    code: 'ERR_UNREACHABLE',
    what: ({ error }) => `cannot be read: ${error.message}`,
    hint: `Check the network. ${AGAIN}`,
    repeat: 'always',
  },
  {
    when: ({ code }) => TLS_FAILURES.test(code),
    code: 'ERR_UNREACHABLE',
    what: ({ code }) => `cannot be reached safely: its certificate is not accepted (${code})`,
    hint: 'Behind a proxy that opens TLS, name its certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
    repeat: 'never',
  },
  {
    when: ({ code }) => code === 'ENOTFOUND' || code === 'ECONNREFUSED',
    code: 'ERR_UNREACHABLE',
    what: ({ code }) =>
      code === 'ENOTFOUND'
        ? 'cannot be reached: its host has no address'
        : 'cannot be reached: nothing listens',
    hint: 'Check the address, and the network.',
    repeat: 'once reached',
  },
  {
    when: () => true,
    code: 'ERR_UNREACHABLE',
    what: ({ code }) => `cannot be read: the connection fails, again and again (${code})`,
    hint: `Check the network. ${AGAIN}`,
    repeat: 'always',
  },
];

/** The clients' own words for a body that ends before, or goes on behind, the length that was given for it. */
const BROKEN_ANSWERS = /^(UND_ERR_RES_CONTENT_LENGTH_MISMATCH|Z_\w+|HPE_\w+)$/;

const TLS_FAILURES =
  /^(CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|EPROTO)$/;

/** @param wasReached whether the server has answered before */
export function judge(failure: unknown, address: Address, wasReached: boolean): Judgement {
  if (failure instanceof StorageError) {
    return { error: failure, isRepeated: false, reason: failure.message, retryAfterMs: 0 };
  }
  const facts = factsOf(failure, address);
  const row = ROWS.find((candidate) => candidate.when(facts)) as Row;
  const what = `${describeAddress(address)} ${printable(row.what(facts))}`;
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
  const endsAt = address.scheme === 's3' ? undefined : linkEndsAt(address.url);
  return {
    error,
    status: error instanceof Refusal ? error.status : 0,
    code: error instanceof Refusal ? error.code : networkCode(error),
    isS3: address.scheme === 's3',
    linkIsOver: endsAt !== undefined && endsAt < Date.now(),
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
