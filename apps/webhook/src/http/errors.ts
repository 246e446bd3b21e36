export type WebhookErrorCode =
  /** No app is configured: nothing could be verified. */
  | 'ERR_NO_APP'
  /** An app's secret is empty: anybody could sign with it. */
  | 'ERR_EMPTY_SECRET'
  /** Events of a topic are to belong to an app, and no key is given. */
  | 'ERR_TOPIC_WITHOUT_APP'
  /** The port is taken, or the address is none of this machine. */
  | 'ERR_CANNOT_LISTEN';

/** Why something cannot be made of what it was given. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;
  readonly hint: string;

  constructor(code: WebhookErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
