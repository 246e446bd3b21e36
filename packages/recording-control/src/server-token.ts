import { createHmac } from 'node:crypto';
import type { StreamClient } from '@stream-io/node-sdk';
import type { Clock } from './clock.ts';

/** How long a token opens the app for whoever has got hold of it. One is made for each request. */
const LIFETIME_S = 300;
/** A token that the API takes to come from the future is refused (code 42): clocks differ a little. */
const BACKDATED_S = 60;

/**
 * Tokens of a server, which may do everything in the app (RFC 7515, RFC 7519: HS256). The SDK makes one when a client is made,
 * which never expires, and takes no other; so it is told another whenever it looks for it.
 */
export class ServerTokens {
  readonly #secret: string;
  readonly #clock: Clock;
  /** What this machine's clock lacks to Stream's, as far as that has turned out to matter. */
  #offsetMs = 0;

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
  }

  next(): string {
    const now = Math.floor((this.#clock.now() + this.#offsetMs) / 1000);
    const claims = { server: true, iat: now - BACKDATED_S, exp: now + LIFETIME_S };
    const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${createHmac('sha256', this.#secret).update(signed).digest('base64url')}`;
  }

  /**
   * Goes by Stream's clock from now on, where a token was refused for its times (codes 40 to 42).
   *
   * @param date of the answer that refused it
   * @returns whether another token has other times
   */
  goBy(date: string | null): boolean {
    const offsetMs = Date.parse(date ?? '') - this.#clock.now();
    // In whole seconds, as answers are dated.
    if (Number.isNaN(offsetMs) || Math.abs(offsetMs - this.#offsetMs) < 2000) return false;
    this.#offsetMs = offsetMs;
    return true;
  }

  /** Has the client sign each request anew. */
  signFor(client: StreamClient): void {
    for (const { apiConfig } of [client.apiClient, client.video.apiClient]) {
      Object.defineProperty(apiConfig, 'token', { get: () => this.next() });
    }
  }
}
