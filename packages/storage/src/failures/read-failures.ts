import { BadAnswer, Changed } from '../transfer/answer.ts';
import { LedInside } from '../transfer/guarded-connector.ts';
import { Refusal } from '../transfer/range-reader.ts';
import { Stalled } from '../transfer/stalled.ts';
import {
  CLOCK_WRONG,
  CREDENTIALS_EXPIRED,
  CREDENTIALS_REFUSED,
  type FailureRow,
  isOfOtherRegion,
  NO_CREDENTIALS,
} from './failure-row.ts';

export interface ReadFailure extends FailureRow {
  /** Not at all; or at once; or only when the server has answered before, so that this is a break and not a wrong name. */
  readonly repeat: 'never' | 'always' | 'once reached';
}

const AGAIN = 'Run the same command again: what has come is kept.';

/** The clients' own words for a body that ends before, or goes on behind, the length that was given for it. */
const BROKEN_ANSWERS = /^(UND_ERR_RES_CONTENT_LENGTH_MISMATCH|Z_\w+|HPE_\w+)$/;

const TLS_FAILURES =
  /^(CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|EPROTO)$/;

/** Failures of reading an object by ranges: what they are called, what to do, and whether they are worth another try. */
export const READ_FAILURES: readonly ReadFailure[] = [
  {
    when: ({ error }) => error instanceof Changed,
    code: 'ERR_OBJECT_CHANGED',
    predicate: ({ error }) => `was changed while it was read: ${error.message}`,
    hint: 'Run the same command again: it begins anew with the object as it is now.',
    repeat: 'never',
  },
  {
    when: ({ status }) => status === 412 || status === 416,
    code: 'ERR_OBJECT_CHANGED',
    predicate: () => 'was changed while it was read',
    hint: 'Run the same command again: it begins anew with the object as it is now.',
    repeat: 'never',
  },
  // The client corrects its clock by the answer, so the next try is signed with the right time.
  { ...CLOCK_WRONG, repeat: 'always' },
  { ...CREDENTIALS_EXPIRED, repeat: 'never' },
  {
    when: ({ error, status, linkIsOver }) =>
      [400, 401, 403].includes(status) && (linkIsOver || (error instanceof Refusal && error.saysExpired)),
    code: 'ERR_LINK_EXPIRED',
    predicate: () => 'cannot be read: the link has expired',
    hint: 'List the recording again for a fresh link: rawreel recording list <type:id>',
    repeat: 'never',
  },
  { ...CREDENTIALS_REFUSED, repeat: 'never' },
  {
    when: isOfOtherRegion,
    code: 'ERR_WRONG_REGION',
    predicate: () => 'is in another region than it was asked for in',
    hint: 'For s3:// set AWS_REGION to the region of the bucket; a signed URL has to be signed for it.',
    repeat: 'never',
  },
  {
    when: ({ code, error }) => code === 'Error' && error.message === 'Region is missing',
    code: 'ERR_WRONG_REGION',
    predicate: () => 'cannot be read: no region is set',
    hint: 'Set AWS_REGION, or the region of the profile.',
    repeat: 'never',
  },
  {
    when: ({ status, code }) => [404, 410].includes(status) || /^NoSuch(Key|Bucket|Version)$/.test(code),
    code: 'ERR_OBJECT_NOT_FOUND',
    predicate: ({ code }) =>
      code === 'NoSuchBucket' ? 'does not exist, nor does its bucket' : 'does not exist',
    hint: 'Check the address: case counts, and recordings are deleted when their time is over.',
    repeat: 'never',
  },
  {
    when: ({ isS3, status }) => isS3 && (status === 401 || status === 403),
    code: 'ERR_ACCESS_DENIED',
    predicate: () => 'cannot be read: access is denied',
    hint: 'These credentials need s3:GetObject on it. Without s3:ListBucket, storage says the same of an object that is not there.',
    repeat: 'never',
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    code: 'ERR_ACCESS_DENIED',
    predicate: () => 'cannot be read: access is denied',
    hint: 'Check that the link was copied whole, its signature included, and quote it in the shell.',
    repeat: 'never',
  },
  {
    when: ({ status, code }) =>
      status === 408 || status === 429 || status >= 500 || /^(RequestTimeout|SlowDown|Throttling)/.test(code),
    code: 'ERR_BAD_ANSWER',
    predicate: ({ error }) => `cannot be read: the server answers ${error.message}, again and again`,
    hint: `The server is overloaded or out of order. ${AGAIN}`,
    repeat: 'always',
  },
  {
    when: ({ status }) => status > 0,
    code: 'ERR_BAD_ANSWER',
    predicate: ({ error }) => `cannot be read: the server answers ${error.message}`,
    hint: 'Check that the address is that of the file itself.',
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof LedInside,
    code: 'ERR_BAD_ANSWER',
    predicate: ({ error }) => `cannot be read: ${error.message}`,
    hint: 'If that is where the recording is, give its own address there.',
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof BadAnswer && error.final,
    code: 'ERR_BAD_ANSWER',
    predicate: ({ error }) => `cannot be read: ${error.message}`,
    hint: 'Check that the address is that of the file itself.',
    repeat: 'never',
  },
  {
    when: ({ error, code }) => error instanceof BadAnswer || BROKEN_ANSWERS.test(code),
    code: 'ERR_BAD_ANSWER',
    predicate: ({ error, code }) =>
      `cannot be read: the server's answers contradict themselves: ${error instanceof BadAnswer ? error.message : code}`,
    hint: 'Something between here and the server, or the server itself, is out of order.',
    repeat: 'always',
  },
  {
    ...NO_CREDENTIALS,
    hint: `${NO_CREDENTIALS.hint}\nA signed https:// URL needs none.`,
    repeat: 'never',
  },
  {
    when: ({ error }) => error instanceof Stalled,
    code: 'ERR_UNREACHABLE',
    predicate: ({ error }) => `cannot be read: ${error.message}`,
    hint: `Check the network. ${AGAIN}`,
    repeat: 'always',
  },
  {
    when: ({ code }) => TLS_FAILURES.test(code),
    code: 'ERR_UNREACHABLE',
    predicate: ({ code }) => `cannot be reached safely: its certificate is not accepted (${code})`,
    hint: 'Behind a proxy that opens TLS, name its certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
    repeat: 'never',
  },
  {
    when: ({ code }) => code === 'ENOTFOUND' || code === 'ECONNREFUSED',
    code: 'ERR_UNREACHABLE',
    predicate: ({ code }) =>
      code === 'ENOTFOUND'
        ? 'cannot be reached: its host has no address'
        : 'cannot be reached: nothing listens',
    hint: 'Check the address, and the network.',
    repeat: 'once reached',
  },
  {
    when: () => true,
    code: 'ERR_UNREACHABLE',
    predicate: ({ code }) => `cannot be read: the connection fails, again and again (${code})`,
    hint: `Check the network. ${AGAIN}`,
    repeat: 'always',
  },
];
