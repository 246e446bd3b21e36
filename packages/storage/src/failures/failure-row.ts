import type { StorageErrorCode } from '../errors.ts';

/** What is known of a failure. */
export interface Facts {
  readonly error: Error;
  /** What failed, as a message says it of its subject: `cannot be uploaded`. */
  readonly action: string;
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** Storage's own word (`NoSuchKey`), or that of the network (`ECONNRESET`), or the error's name. */
  readonly code: string;
  readonly isS3: boolean;
  /** The address is a signed link whose time is over. */
  readonly linkIsOver: boolean;
}

/** What a failure is called, and what to do. Of a table of these the first one that fits counts. */
export interface FailureRow {
  readonly when: (facts: Facts) => boolean;
  readonly code: StorageErrorCode;
  /** What a message says of its subject, the address. */
  readonly predicate: (facts: Facts) => string;
  readonly hint: string;
}

export const NO_CREDENTIALS: FailureRow = {
  when: ({ code }) => /^(CredentialsProviderError|TokenProviderError)$/.test(code),
  code: 'ERR_NO_CREDENTIALS',
  predicate: ({ action }) => `${action}: there are no credentials`,
  hint: 'Give them in a standard way: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, aws sso login, or a role.',
};

export const CREDENTIALS_EXPIRED: FailureRow = {
  when: ({ isS3, code }) => isS3 && /^(Expired|TokenRefreshRequired)/.test(code),
  code: 'ERR_NO_CREDENTIALS',
  predicate: ({ action }) => `${action}: the credentials have expired`,
  hint: 'Sign in again (aws sso login), or export fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
};

export const CREDENTIALS_REFUSED: FailureRow = {
  when: ({ isS3, code }) => isS3 && /^(InvalidAccessKeyId|InvalidToken|SignatureDoesNotMatch)$/.test(code),
  code: 'ERR_ACCESS_DENIED',
  predicate: ({ action, code }) => `${action}: the credentials are refused (${code})`,
  hint: 'Check AWS_PROFILE or the keys in the environment, and the endpoint that they are for.',
};

export const CLOCK_WRONG: FailureRow = {
  when: ({ isS3, code }) => isS3 && code === 'RequestTimeTooSkewed',
  code: 'ERR_ACCESS_DENIED',
  predicate: ({ action }) => `${action}: the clock of this machine is wrong`,
  hint: 'Set the clock: signatures hold for minutes only.',
};

export const isOfOtherRegion = ({ status, code }: Facts): boolean =>
  status === 301 || /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation)/.test(code);
