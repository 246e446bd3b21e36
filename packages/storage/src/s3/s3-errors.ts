import { printable } from '@rawreel/text';
import { StorageError, type StorageErrorCode } from '../errors.ts';

/** What is known of a failure. */
interface Facts {
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** S3's own word (`NoSuchKey`), or that of the network (`ECONNRESET`), or the error's name. */
  readonly code: string;
  readonly message: string;
}

interface Row {
  readonly when: (facts: Facts) => boolean;
  readonly code: StorageErrorCode;
  /** After the address. */
  readonly what: (facts: Facts) => string;
  readonly hint: string;
}

const named =
  (...codes: readonly string[]) =>
  (facts: Facts) =>
    codes.includes(facts.code);

/** The first row that fits says what a failure of the AWS SDK is called and what to do. */
const ROWS: readonly Row[] = [
  {
    when: named('CredentialsProviderError', 'TokenProviderError'),
    code: 'ERR_NO_CREDENTIALS',
    what: () => 'there are no credentials',
    hint: 'Give them in a standard way: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, aws sso login, or a role.',
  },
  {
    when: ({ code }) => /^(Expired|TokenRefreshRequired)/.test(code),
    code: 'ERR_NO_CREDENTIALS',
    what: () => 'the credentials have expired',
    hint: 'Sign in again (aws sso login), or export fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
  },
  {
    when: named('InvalidAccessKeyId', 'InvalidToken', 'SignatureDoesNotMatch'),
    code: 'ERR_ACCESS_DENIED',
    what: ({ code }) => `the credentials are refused (${code})`,
    hint: 'Check AWS_PROFILE or the keys in the environment, and the endpoint that they are for.',
  },
  {
    when: named('RequestTimeTooSkewed'),
    code: 'ERR_ACCESS_DENIED',
    what: () => 'the clock of this machine is wrong',
    hint: 'Set the clock: signatures hold for minutes only.',
  },
  {
    when: ({ status, code }) =>
      status === 301 || /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation)/.test(code),
    code: 'ERR_WRONG_REGION',
    what: ({ message }) => `the bucket is in another region: ${message}`,
    hint: 'Set AWS_REGION, or region in the profile, to that of the bucket.',
  },
  {
    when: named('NoSuchBucket'),
    code: 'ERR_OBJECT_NOT_FOUND',
    what: () => 'its bucket does not exist',
    hint: 'Check the address, and the endpoint and account that the credentials are for.',
  },
  {
    when: ({ status }) => status === 404,
    code: 'ERR_OBJECT_NOT_FOUND',
    what: () => 'it does not exist',
    hint: 'Check the address: case counts.',
  },
  {
    when: ({ status }) => status === 412 || status === 409,
    code: 'ERR_OBJECT_CHANGED',
    what: () => 'another run wrote it meanwhile',
    hint: 'Read it again, then write.',
  },
  {
    when: ({ status }) => status === 501,
    code: 'ERR_NOT_SUPPORTED',
    what: ({ message }) => `the server does not support it: ${message}`,
    hint: '',
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    code: 'ERR_ACCESS_DENIED',
    what: () => 'access is denied',
    hint: 'The credentials need s3:PutObject, s3:AbortMultipartUpload and, for the check afterwards, s3:GetObject on it.',
  },
  {
    when: ({ status, code }) =>
      status === 0 &&
      (/^(E[A-Z_]+|CERT_\w+|\w+_CERT\w*|UNABLE_TO_\w+)$/.test(code) || code === 'TimeoutError'),
    code: 'ERR_UNREACHABLE',
    what: ({ code }) => `the server cannot be reached (${code})`,
    hint: 'Check the endpoint and the network, then run the same command again.',
  },
];

/**
 * The StorageError of what the AWS SDK threw. What it threw carries requests along, signatures among them: of it only the words
 * are kept, as the cause.
 *
 * @param action a sentence's beginning: `s3://bucket/key cannot be uploaded`.
 * @param otherwise the code of what no row knows.
 */
export function toStorageError(error: unknown, action: string, otherwise: StorageErrorCode): StorageError {
  if (error instanceof StorageError) return error;
  const facts = factsOf(error);
  const row = ROWS.find(({ when }) => when(facts));
  const what = row?.what(facts) ?? `the server answers ${facts.status || ''} ${facts.code}: ${facts.message}`;
  return new StorageError(row?.code ?? otherwise, printable(`${action}: ${what}`), {
    hint: row?.hint ?? '',
    cause: new Error(printable(`${facts.code}: ${facts.message}`)),
  });
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { status: 0, code: 'Error', message: String(error) };
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode ?? 0;
  return {
    status,
    code: typeof code === 'string' && status === 0 ? code : error.name,
    message: error.message,
  };
}
