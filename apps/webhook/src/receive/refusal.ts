/**
 * Why something is not taken, with the HTTP status that says so. Stream (and SNS) repeat after 408, 429 and 5xx; any other 4xx
 * is final. So what another attempt can mend is a 5xx: all that is this side's own fault.
 */
export const REFUSALS = {
  /** X-API-KEY is missing, doubled or no key at all. */
  'no-key': 401,
  /** The key belongs to no app that was configured here: a fault of this side, until it is known better. */
  'unknown-key': 503,
  /** X-SIGNATURE is missing, doubled or not 64 lower-case hex digits. */
  'no-signature': 401,
  'bad-signature': 401,
  'body-too-large': 413,
  'json-too-large': 413,
  'bad-gzip': 400,
  'gzip-in-gzip': 400,
  'not-json': 400,
  /** JSON, but no object with a `type`; or one nested too deep to be written down. */
  'not-an-event': 400,
  /** An event about a raw recording that lacks what it is about. */
  'bad-event': 400,
  /** Neither JSON nor base64: no message of Stream's. */
  'bad-message': 400,
  /** An SNS message that is none, or comes without signature. */
  'bad-envelope': 400,
  'unknown-topic': 401,
  /** The certificate lies elsewhere than at Amazon. */
  'bad-certificate': 401,
  'certificate-unreachable': 503,
  /** What came from Amazon's address is none, or not valid now: a proxy's page, or this machine's clock. */
  'certificate-unusable': 503,
  'subscription-not-confirmed': 503,
  /** The body did not arrive in time. */
  'body-too-slow': 408,
  /** Something before the receiver has read the body: its bytes, which the signature is of, are gone. */
  'body-consumed': 503,
  /** As much is being received as memory was set aside for. */
  busy: 503,
  /** The event could not be stored, or not in time. */
  'not-stored': 503,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly status: (typeof REFUSALS)[RefusalCode];
  readonly code: RefusalCode;
  /** One line for whoever looks why. Holds neither a secret nor foreign text as it came. */
  readonly message: string;
}

export const refuse = (code: RefusalCode, message: string): Refusal => ({
  status: REFUSALS[code],
  code,
  message,
});

export const isRefusal = (result: object): result is Refusal => 'status' in result && 'code' in result;
