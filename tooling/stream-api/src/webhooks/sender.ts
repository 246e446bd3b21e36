import { createHmac, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../clock.ts';

/** How often an event is sent at most, by how the attempt went. */
const ATTEMPTS = { serverError: 3, timeout: 3, networkError: 2 } as const;
/** All attempts lie within this. */
const BUDGET_MS = 15_000;
/** Stream does not document it. */
const PAUSE_MS = 500;

type Outcome = 'taken' | 'refused' | keyof typeof ATTEMPTS;

/**
 * Sends events as Stream does: signed, with an id that stays the same when an event is sent again, which it is after 408, 429, 5xx,
 * time-outs and network errors.
 * https://getstream.io/video/docs/api/webhooks/overview/, https://getstream.io/chat/docs/php/push_webhook/
 */
export class WebhookSender {
  readonly #credentials: { readonly apiKey: string; readonly secret: string };
  readonly #clock: Clock;
  /** How long an answer may take, in milliseconds of the machine's time. */
  readonly #timeoutMs: number;
  readonly #underWay = new Set<Promise<void>>();

  constructor(credentials: { apiKey: string; secret: string }, clock: Clock, timeoutMs: number) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param times after how many milliseconds it is sent, once for each of them
   * @param onFailure called where it was not taken, and is not sent again
   */
  send(url: string, json: string, isPacked: boolean, times: readonly number[], onFailure: () => void): void {
    const id = randomUUID();
    const signature = createHmac('sha256', this.#credentials.secret).update(json).digest('hex');
    const body = isPacked ? gzipSync(json) : json;
    const attempt = (number: number, begun: number) => {
      const left = () => begun + BUDGET_MS - this.#clock.now();
      if (left() <= 0) return onFailure();
      const timeoutMs = Math.min(this.#timeoutMs, left());
      const sent = this.#post(url, body, timeoutMs, {
        'content-type': 'application/json',
        ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
        'X-WEBHOOK-ID': id,
        'X-WEBHOOK-ATTEMPT': String(number),
        'X-API-KEY': this.#credentials.apiKey,
        'X-SIGNATURE': signature,
      }).then((outcome) => {
        this.#underWay.delete(sent);
        if (outcome === 'taken') return;
        if (outcome === 'refused' || number >= ATTEMPTS[outcome]) onFailure();
        else this.#clock.after(PAUSE_MS, () => attempt(number + 1, begun));
      });
      this.#underWay.add(sent);
    };
    for (const ms of times) {
      if (ms === 0) attempt(1, this.#clock.now());
      else this.#clock.after(ms, () => attempt(1, this.#clock.now()));
    }
  }

  /** No attempt is under way; one may wait for its time. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #post(
    url: string,
    body: Uint8Array<ArrayBuffer> | string,
    timeoutMs: number,
    headers: Record<string, string>,
  ): Promise<Outcome> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal });
      await answer.body?.cancel();
      if (answer.ok) return 'taken';
      return answer.status === 408 || answer.status === 429 || answer.status >= 500
        ? 'serverError'
        : 'refused';
    } catch {
      return signal.aborted ? 'timeout' : 'networkError';
    }
  }
}
