import type { RecordingControlErrorCode } from './errors.ts';

/** Raw recording is switched off, or nobody is in the call. */
export type Obstacle = 'disabled' | 'noSession';

export const MODE = 'settings.raw_recording.mode';

/** What is known of a failure. */
export interface Facts {
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

export interface FailureRow {
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

export const isRefusal = ({ status }: Facts) =>
  status >= 400 && status < 500 && status !== 408 && status !== 429;

/** No such host, nothing that listens, a certificate that is not accepted: no request has left, and none will. */
const NEVER_REACHED =
  /^(ENOTFOUND|ECONNREFUSED|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|EPROTO|ERR_INVALID_URL)$/;

/** The first row that fits says what a failure is called, what to do, and whether it is worth another try. */
export const FAILURES: readonly FailureRow[] = [
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
