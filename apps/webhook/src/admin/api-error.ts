import type { Response } from 'express';

/** Why the API refuses, with the HTTP status that says so. */
export const API_ERRORS = {
  'bad-query': { status: 400, when: 'a parameter that is unknown, given twice or malformed' },
  'bad-request': { status: 400, when: 'an address that cannot be decoded' },
  'wrong-token': { status: 401, when: 'no token, or one that is not configured' },
  'not-found': { status: 404, when: 'nothing is at this address' },
  'no-recording': { status: 404, when: 'no recording has this id' },
  'method-not-allowed': { status: 405, when: 'the header `Allow` has what can be done here' },
  'wrong-state': { status: 409, when: 'it is in a state (`state`) in which this makes no sense' },
  'no-token-configured': { status: 503, when: 'the API is off until a token is set' },
  busy: { status: 503, when: 'four requests are being answered; come again' },
  unavailable: { status: 503, when: 'the database does not answer' },
} as const satisfies Record<string, { readonly status: number; readonly when: string }>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** What is refused, and how to do better. `message` is one line without secrets. */
export interface ApiError {
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Of the recording, with `wrong-state`. */
  readonly state?: string | undefined;
}

export function refuse(response: Response, error: ApiError): void {
  response.status(API_ERRORS[error.code].status).json(error);
}
