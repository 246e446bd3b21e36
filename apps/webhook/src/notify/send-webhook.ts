import { EndpointGone } from '@rawreel/jobs';
import { Webhook } from 'standardwebhooks';

export interface WebhookTarget {
  readonly url: string;
  /** While a secret is rotated there are two or more: a receiver that knows one of them can verify. */
  readonly secrets: readonly string[];
  readonly userAgent: string;
  /** Default: 15 s. */
  readonly timeoutMs?: number | undefined;
}

/** What Standard Webhooks recommends: 15 to 30 s. */
const TIMEOUT_MS = 15_000;

/**
 * Sends a webhook as Standard Webhooks has it: the same id in every try, the time of this one, and a signature by each secret. Of
 * the answer only its status counts: redirects are not followed, since whoever answers would say where links are sent, and bodies are not
 * read.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @returns `answered 204`
 * @throws {EndpointGone} where it answers 410
 * @throws {Error} where it answers anything but 2xx, or nothing; neither URL nor secret is in its message
 */
export async function sendWebhook(
  { url, secrets, userAgent, timeoutMs = TIMEOUT_MS }: WebhookTarget,
  { id, body }: { readonly id: string; readonly body: string },
  signal: AbortSignal,
): Promise<string> {
  const sentAt = new Date();
  const headers = {
    'content-type': 'application/json',
    'user-agent': userAgent,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
  };
  const late = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.any([signal, late]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(
      late.aborted ? `no answer within ${timeoutMs / 1000} s` : `no answer: ${reasonOf(error)}`,
    );
  });
  await response.body?.cancel();
  const answer = `answered ${response.status}`;
  if (response.ok) return answer;
  if (response.status === 410) throw new EndpointGone(answer);
  const isRedirect = response.status >= 300 && response.status < 400;
  throw new Error(isRedirect ? `${answer}, and redirects are not followed` : answer);
}

/** fetch says why in the cause: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `bad port`. Of the address no more than the host is in it. */
function reasonOf(error: unknown): string {
  const { code, message = 'the connection failed' } =
    (error as { cause?: NodeJS.ErrnoException }).cause ?? {};
  return code ?? message;
}
