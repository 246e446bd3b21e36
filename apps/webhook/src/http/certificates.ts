import { type Refusal, refuse } from '../receive/refusal.ts';
import { MAX_CERTIFICATES, MAX_FETCHES } from './limits.ts';

/** The text behind an address, or an error why there is none. */
export type FetchText = (url: string) => Promise<string>;

/** Certificates of SNS by their address, each fetched once: what is under one name does not change. */
export class Certificates {
  readonly #fetchText: FetchText;
  readonly #kept = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(fetchText: FetchText) {
    this.#fetchText = fetchText;
  }

  /** @param url one that `certificateUrl` gave */
  async get(url: string): Promise<string | (Refusal & { readonly cause?: unknown })> {
    const kept = this.#kept.get(url);
    if (kept !== undefined) return kept;
    // Strangers can name any certificate: they get no more requests out of this than a few at a time.
    if (!this.#underWay.has(url) && this.#underWay.size >= MAX_FETCHES) {
      return refuse('busy', 'Too many certificates are being fetched at the moment');
    }
    try {
      return await this.#fetch(url);
    } catch (cause) {
      return { ...refuse('certificate-unreachable', 'The certificate of SNS could not be fetched'), cause };
    }
  }

  /** Only what has proved itself is kept, so that a page of a proxy's is asked for again. */
  keep(url: string, pem: string): void {
    const oldest = this.#kept.size < MAX_CERTIFICATES ? undefined : this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(url, pem);
  }

  #fetch(url: string): Promise<string> {
    const underWay = this.#underWay.get(url);
    if (underWay !== undefined) return underWay;
    const fetching = this.#fetchText(url).finally(() => this.#underWay.delete(url));
    this.#underWay.set(url, fetching);
    return fetching;
  }
}
