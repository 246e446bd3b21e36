import { StreamClient } from '@stream-io/node-sdk';
import type { StreamApi } from '../../src/index.ts';

export const clientOf = ({ apiKey, secret, url }: StreamApi, timeout = 3000) =>
  new StreamClient(apiKey, secret, { basePath: url, timeout });

/** What the SDK says of a refusal: HTTP status, the API's code, the message. */
export interface Refusal {
  readonly status: unknown;
  readonly code: unknown;
  readonly message: string;
  readonly requestsLeft: number | undefined;
  readonly resetsAt: Date | undefined;
}

/** The error that a request of the SDK ends with; its class is not exported. */
export async function refusalOf(request: Promise<unknown>): Promise<Refusal> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the request was not refused');
  const { code, metadata } = error as Error & {
    code?: unknown;
    metadata?: { responseCode?: unknown; rateLimit?: { rateLimitRemaining?: number; rateLimitReset?: Date } };
  };
  return {
    status: metadata?.responseCode,
    code,
    message: error.message,
    requestsLeft: metadata?.rateLimit?.rateLimitRemaining,
    resetsAt: metadata?.rateLimit?.rateLimitReset,
  };
}
