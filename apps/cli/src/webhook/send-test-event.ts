import { createHmac, randomUUID } from 'node:crypto';
import { redactedUrl } from '@rawreel/text';

export interface TestEventOptions {
  readonly apiKey: string;
  readonly secret: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** What came of a request; no `status`: no answer did. */
export interface TestAnswer {
  readonly tookMs: number;
  readonly status?: number | undefined;
  /** Of rawreel's receiver; undefined: something else answered. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** Where a redirect leads, without its query. */
  readonly location?: string | undefined;
  /** `timeout`, or node's: `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`, … */
  readonly failure?: string | undefined;
}

/** Of an answer no more is read. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * Sends an event of a type that no recording follows from, signed as Stream signs, once. Redirects are not followed: whether Stream does is
 * not known, and what is signed is for the address that was given.
 */
export async function sendTestEvent(
  url: string,
  { apiKey, secret, withinMs, signal }: TestEventOptions,
): Promise<TestAnswer> {
  const id = randomUUID();
  const body = JSON.stringify({ type: 'rawreel.test', created_at: new Date().toISOString(), id });
  const begunAt = performance.now();
  const tookMs = () => Math.round(performance.now() - begunAt);
  const timeout = AbortSignal.timeout(withinMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([timeout, signal]),
      headers: {
        'content-type': 'application/json',
        'X-API-KEY': apiKey,
        'X-SIGNATURE': createHmac('sha256', secret).update(body).digest('hex'),
        'X-WEBHOOK-ID': id,
        'X-WEBHOOK-ATTEMPT': '1',
      },
      body,
    });
    const text = await beginningOf(response);
    return {
      tookMs: tookMs(),
      status: response.status,
      ...saidIn(text),
      location: locationOf(response, url),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { tookMs: tookMs(), failure: timeout.aborted ? 'timeout' : failureOf(error) };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_ANSWER) break;
  }
  return text;
}

function saidIn(text: string): Pick<TestAnswer, 'code' | 'message'> {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return {
      code: typeof code === 'string' ? code : undefined,
      message: typeof message === 'string' ? message : undefined,
    };
  } catch {
    return {};
  }
}

function locationOf({ headers }: Response, from: string): string | undefined {
  const location = headers.get('location');
  return location === null ? undefined : redactedUrl(URL.parse(location, from)?.href ?? '');
}

function failureOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? String(error);
}
