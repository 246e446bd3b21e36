import type { EventEmitter } from 'node:events';
import { MAX_HELD_BYTES } from './limits.ts';

/** What one request holds of the memory that all share. */
export interface HeldShare {
  /** false: there is no room for that many more, and they are not counted. */
  add(count: number): boolean;
  /** Holds beyond the answer, until that has ended as well. */
  until(work: Promise<unknown>): void;
}

/**
 * How much of all requests is in memory. Each body has its own bound, but a thousand connections that stop one byte before
 * theirs would hold a gigabyte: what goes beyond the bound of all is answered 503, and Stream comes again.
 */
export class HeldBytes {
  #total = 0;

  /** A share that ends when the response closes, sent or not. */
  share(response: EventEmitter): HeldShare {
    let own = 0;
    let work: Promise<unknown> = Promise.resolve();
    const release = () => {
      this.#total -= own;
      own = 0;
    };
    response.once('close', () => work.then(release, release));
    return {
      add: (count) => {
        if (this.#total + count > MAX_HELD_BYTES) return false;
        this.#total += count;
        own += count;
        return true;
      },
      until: (promise) => {
        work = promise;
      },
    };
  }

  get total(): number {
    return this.#total;
  }
}
