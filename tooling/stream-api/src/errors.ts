/** What the API answers when it refuses: the table of https://getstream.io/chat/docs/react/api_errors_response. */
const KINDS = {
  accessKey: { status: 401, code: 2 },
  input: { status: 400, code: 4 },
  authentication: { status: 401, code: 5 },
  rateLimit: { status: 429, code: 9 },
  doesNotExist: { status: 404, code: 16 },
  notAllowed: { status: 403, code: 17 },
  tokenExpired: { status: 401, code: 40 },
  tokenNotValidYet: { status: 401, code: 41 },
  tokenUsedBeforeIssued: { status: 401, code: 42 },
  tokenSignature: { status: 401, code: 43 },
} as const;

export type ErrorKind = keyof typeof KINDS;

/** A refusal on its way to the client. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(kind: ErrorKind, message: string) {
    super(message);
    this.name = 'ApiError';
    ({ status: this.status, code: this.code } = KINDS[kind]);
  }
}

/** The error as it is sent. `StatusCode` is spelt so on the wire; the SDK's types call it `status_code` and nothing reads it. */
export function errorBody({ status, code, message }: ApiError) {
  return {
    code,
    message,
    StatusCode: status,
    duration: '0.00ms',
    more_info: 'https://getstream.io/chat/docs/api_errors_response',
    details: [],
  };
}
