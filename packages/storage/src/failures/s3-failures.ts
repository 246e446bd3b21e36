import { printable } from '@rawreel/text';
import { StorageError, type StorageErrorCode } from '../errors.ts';
import {
  CLOCK_WRONG,
  CREDENTIALS_EXPIRED,
  CREDENTIALS_REFUSED,
  type Facts,
  type FailureRow,
  isOfOtherRegion,
  NO_CREDENTIALS,
} from './failure-row.ts';

/** Failures of the AWS SDK, which repeats by itself. */
const S3_FAILURES: readonly FailureRow[] = [
  NO_CREDENTIALS,
  CREDENTIALS_EXPIRED,
  CREDENTIALS_REFUSED,
  CLOCK_WRONG,
  {
    when: isOfOtherRegion,
    code: 'ERR_WRONG_REGION',
    predicate: ({ action, error }) => `${action}: the bucket is in another region: ${error.message}`,
    hint: 'Set AWS_REGION, or region in the profile, to that of the bucket.',
  },
  {
    when: ({ code }) => code === 'NoSuchBucket',
    code: 'ERR_OBJECT_NOT_FOUND',
    predicate: ({ action }) => `${action}: its bucket does not exist`,
    hint: 'Check the address, and the endpoint and account that the credentials are for.',
  },
  {
    when: ({ status }) => status === 404,
    code: 'ERR_OBJECT_NOT_FOUND',
    predicate: ({ action }) => `${action}: it does not exist`,
    hint: 'Check the address: case counts.',
  },
  {
    when: ({ status }) => status === 412 || status === 409,
    code: 'ERR_OBJECT_CHANGED',
    predicate: ({ action }) => `${action}: another run wrote it meanwhile`,
    hint: 'Read it again, then write.',
  },
  {
    when: ({ status }) => status === 501,
    code: 'ERR_NOT_SUPPORTED',
    predicate: ({ action, error }) => `${action}: the server does not support it: ${error.message}`,
    hint: '',
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    code: 'ERR_ACCESS_DENIED',
    predicate: ({ action }) => `${action}: access is denied`,
    hint: 'The credentials need s3:PutObject, s3:AbortMultipartUpload and, for the check afterwards, s3:GetObject on it.',
  },
  {
    when: ({ status, code }) =>
      status === 0 &&
      (/^(E[A-Z_]+|CERT_\w+|\w+_CERT\w*|UNABLE_TO_\w+)$/.test(code) || code === 'TimeoutError'),
    code: 'ERR_UNREACHABLE',
    predicate: ({ action, code }) => `${action}: the server cannot be reached (${code})`,
    hint: 'Check the endpoint and the network, then run the same command again.',
  },
];

/**
 * The StorageError of what the AWS SDK threw. What it threw carries requests along, signatures among them: of it only the words
 * are kept, as the cause.
 *
 * @param subject of the message: `s3://bucket/key`
 * @param action what failed: `cannot be uploaded`
 * @param otherwise the code of what no row knows
 */
export function toStorageError(
  error: unknown,
  subject: string,
  action: string,
  otherwise: StorageErrorCode,
): StorageError {
  if (error instanceof StorageError) return error;
  const facts = factsOf(error, action);
  const { status, code } = facts;
  const row = S3_FAILURES.find(({ when }) => when(facts));
  const predicate =
    row?.predicate(facts) ?? `${action}: the server answers ${status || ''} ${code}: ${facts.error.message}`;
  return new StorageError(row?.code ?? otherwise, printable(`${subject} ${predicate}`), {
    hint: row?.hint ?? '',
    cause: new Error(printable(`${code}: ${facts.error.message}`)),
  });
}

function factsOf(failure: unknown, action: string): Facts {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode ?? 0;
  return {
    error,
    action,
    status,
    code: typeof code === 'string' && status === 0 ? code : error.name,
    isS3: true,
    linkIsOver: false,
  };
}
