import type { Log } from './log.ts';
import { messageOf } from './message-of.ts';

/** The same error is logged once in this time. */
const ONCE_IN_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** Of the network, and of PostgreSQL (appendix A: connection exceptions, shutdowns and starts). */
const NO_CONNECTION =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08...|57P0[123])$/;
/** Of `pg`, which has no codes for these. */
const NO_CONNECTION_WORDS = /connection terminated|timeout exceeded when trying to connect|not queryable/i;

/** Logs errors that belong to no request and no recording. Of a database that does not answer it logs the beginning and the end. */
export class ErrorLog {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #loggedAt = new Map<string, number>();
  #isReady: (() => Promise<boolean>) | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(log: Log, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  readonly report = (error: unknown): void => {
    const text = messageOf(error);
    if (!isOfConnection(error)) {
      if (this.#now() - (this.#loggedAt.get(text) ?? Number.NEGATIVE_INFINITY) < ONCE_IN_MS) return;
      this.#loggedAt.set(text, this.#now());
      this.#log({ level: 'error', text });
      return;
    }
    if (this.#looking !== undefined) return;
    this.#log({ level: 'error', text: `the database does not answer: ${text}` });
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  };

  /** @param isReady whether the database answers */
  watch(isReady: () => Promise<boolean>): void {
    this.#isReady = isReady;
  }

  stop(): void {
    clearInterval(this.#looking);
  }

  async #look(): Promise<void> {
    if (this.#isReady === undefined || !(await this.#isReady()) || this.#looking === undefined) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#log({ level: 'info', text: 'the database answers again' });
  }
}

function isOfConnection(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: unknown; message?: string };
  return NO_CONNECTION.test(String(code)) || NO_CONNECTION_WORDS.test(message);
}
