import { HeldViews } from '../held-views.ts';

export interface ReorderOptions<T = unknown> {
  /** How long a hole is waited for: receive time since a packet behind it came. Default: 1000 ms. */
  readonly windowMs?: number | undefined;
  /** How many packets may wait behind holes. Default: 4096. */
  readonly maxPackets?: number | undefined;
  /** Octets of views that may wait behind holes. Default: 16 MiB, more than a second of any camera. */
  readonly maxBytes?: number | undefined;
  /** For items that are views on what was read: how much they show, and how one gets bytes of its own while it waits. */
  readonly views?: {
    of(item: T): Uint8Array | undefined;
    copyInto(item: T, copy: Uint8Array): void;
  };
}

/** `late`: its place has been given up, and it was not there before. Late and duplicate ones are not kept. */
export type PushOutcome = 'accepted' | 'late' | 'duplicate';

interface Held<T> {
  readonly sequence: number;
  readonly receivedMs: number;
  readonly item: T;
  released: boolean;
}

/** How far back late is told from duplicate. A power of two. */
const MEMORY = 4096;
/** The front of a queue is cut off once it is this long and more than half of it is spent. */
const SPENT = 1024;

/**
 * Puts items with unwrapped sequence numbers in order, each number once.
 *
 * What continues the order goes straight through. An item behind a hole waits until the hole is filled, until it has
 * waited `windowMs` of receive time, or until `maxPackets` or `maxBytes` wait; then the hole is given up and counted as loss. The
 * unknown before the first item is a hole like any other, so items that overtook each other at the start come out in
 * order too; it is no loss. Time is that of the items pushed: without new ones nothing is given up before `flush`.
 *
 * Waiting items lie in an array sorted by sequence: appending and taking from the front are constant, an item that
 * comes late costs a binary search and a move among at most `maxPackets`. The size of a sequence jump costs nothing.
 */
export class ReorderBuffer<T> {
  readonly #windowMs: number;
  readonly #maxPackets: number;
  readonly #maxBytes: number;
  readonly #views: ReorderOptions<T>['views'];
  readonly #watched: HeldViews<Held<T>> | undefined;
  #heldBytes = 0;
  /** The sequence number to give out next; undefined while the first is not settled. */
  #next: number | undefined;
  /** Came in order with nothing waiting: has been given its place, waits only to be pulled. */
  #direct: T | undefined;
  #held: Held<T>[] = [];
  #heldFrom = 0;
  #byArrival: Held<T>[] = [];
  #byArrivalFrom = 0;
  /** Holes in front of this one have been waited for long enough. */
  #giveUpTo = Number.NEGATIVE_INFINITY;
  #nowMs = 0;
  #lossBefore = 0;
  readonly #seen = new Uint8Array(MEMORY);

  constructor(options: ReorderOptions<T> = {}) {
    const { views } = options;
    this.#windowMs = options.windowMs ?? 1000;
    this.#maxPackets = options.maxPackets ?? 4096;
    this.#maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
    this.#views = views;
    if (views === undefined) return;
    this.#watched = new HeldViews(
      ({ item, released }) => (released ? undefined : views.of(item)),
      ({ item }, copy) => views.copyInto(item, copy),
    );
  }

  /** Items missing directly before the one that `pull` gave last; 0 for the first one. */
  get lossBefore(): number {
    return this.#lossBefore;
  }
  /** Items waiting. */
  get size(): number {
    return this.#held.length - this.#heldFrom + (this.#direct === undefined ? 0 : 1);
  }
  /** The lowest number that would not be late; undefined while the order has no start yet. */
  get next(): number | undefined {
    return this.#next;
  }
  /** The lowest number waiting behind a hole. */
  get lowestWaiting(): number | undefined {
    return this.#held[this.#heldFrom]?.sequence;
  }

  /** `item` must not be undefined. Pull until there is nothing after each push, or items wait longer than need be. */
  push(sequence: number, receivedMs: number, item: T): PushOutcome {
    this.#nowMs = receivedMs;
    const next = this.#next;
    if (next !== undefined) {
      if (sequence === next && this.#direct === undefined && this.#heldFrom === this.#held.length) {
        this.#direct = item;
        this.#seen[sequence & (MEMORY - 1)] = 1;
        this.#next = next + 1;
        return 'accepted';
      }
      if (sequence < next) return this.#tooLate(sequence, next);
    }
    return this.#hold({ sequence, receivedMs, item, released: false });
  }

  /** The next item in order; undefined when there is none, or a hole before it is still waited for. */
  pull(): T | undefined {
    if (this.#direct !== undefined) {
      const item = this.#direct;
      this.#direct = undefined;
      this.#lossBefore = 0;
      return item;
    }
    const front = this.#held[this.#heldFrom];
    if (front === undefined) return undefined;
    if (front.sequence !== this.#next && !this.#mayGiveUp(front)) return undefined;
    this.#heldFrom++;
    front.released = true;
    this.#heldBytes -= this.#bytesOf(front.item);
    this.#settle(front.sequence);
    this.#trim();
    return front.item;
  }

  /** Gives up every hole there is: all waiting items can be pulled. */
  flush(): void {
    const last = this.#held.at(-1);
    if (last !== undefined) this.#giveUpTo = last.sequence;
  }

  /** Forgets everything: the next item starts a new order. */
  restart(): void {
    this.#next = undefined;
    this.#direct = undefined;
    this.#held = [];
    this.#heldFrom = 0;
    this.#heldBytes = 0;
    this.#watched?.clear();
    this.#byArrival = [];
    this.#byArrivalFrom = 0;
    this.#giveUpTo = Number.NEGATIVE_INFINITY;
    this.#lossBefore = 0;
    this.#seen.fill(0);
  }

  #tooLate(sequence: number, next: number): PushOutcome {
    if (sequence < next - MEMORY) return 'late';
    const slot = sequence & (MEMORY - 1);
    if (this.#seen[slot] === 1) return 'duplicate';
    this.#seen[slot] = 1;
    return 'late';
  }

  #hold(entry: Held<T>): PushOutcome {
    const held = this.#held;
    const last = held.at(-1);
    if (last === undefined || this.#heldFrom === held.length || last.sequence < entry.sequence) {
      held.push(entry);
    } else {
      const index = this.#placeOf(entry.sequence);
      if (held[index]?.sequence === entry.sequence) return 'duplicate';
      held.splice(index, 0, entry);
    }
    this.#byArrival.push(entry);
    this.#heldBytes += this.#bytesOf(entry.item);
    this.#watched?.hold(entry);
    return 'accepted';
  }

  #bytesOf(item: T): number {
    return this.#views?.of(item)?.length ?? 0;
  }

  /** Index of the first waiting item that is not below `sequence`. */
  #placeOf(sequence: number): number {
    let low = this.#heldFrom;
    let high = this.#held.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#held[middle] as Held<T>).sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #mayGiveUp(front: Held<T>): boolean {
    if (this.#held.length - this.#heldFrom > this.#maxPackets || this.#heldBytes > this.#maxBytes)
      return true;
    for (;;) {
      const oldest = this.#byArrival[this.#byArrivalFrom];
      if (oldest === undefined) break;
      if (!oldest.released) {
        if (this.#nowMs - oldest.receivedMs < this.#windowMs) break;
        if (oldest.sequence > this.#giveUpTo) this.#giveUpTo = oldest.sequence;
      }
      this.#byArrivalFrom++;
    }
    return front.sequence <= this.#giveUpTo;
  }

  /** Moves the order on to `sequence`, remembering what was passed over. */
  #settle(sequence: number): void {
    const next = this.#next ?? sequence;
    const missing = sequence - next;
    if (missing >= MEMORY) this.#seen.fill(0);
    else if (missing > 0) this.#forget(next & (MEMORY - 1), missing);
    this.#lossBefore = missing;
    this.#seen[sequence & (MEMORY - 1)] = 1;
    this.#next = sequence + 1;
  }

  #forget(slot: number, count: number): void {
    const end = slot + count;
    this.#seen.fill(0, slot, Math.min(end, MEMORY));
    if (end > MEMORY) this.#seen.fill(0, 0, end - MEMORY);
  }

  #trim(): void {
    if (this.#heldFrom === this.#held.length) {
      this.#held = [];
      this.#heldFrom = 0;
      this.#byArrival = [];
      this.#byArrivalFrom = 0;
      this.#watched?.clear();
      return;
    }
    if (this.#heldFrom >= SPENT && this.#heldFrom * 2 > this.#held.length) {
      this.#held.splice(0, this.#heldFrom);
      this.#heldFrom = 0;
    }
    this.#trimArrivals();
  }

  #trimArrivals(): void {
    // Released ones pile up here while a single item keeps waiting; they are dropped once they are the majority.
    if (this.#byArrival.length - this.#byArrivalFrom > 2 * (this.#held.length - this.#heldFrom) + SPENT) {
      this.#byArrival = this.#byArrival.slice(this.#byArrivalFrom).filter((entry) => !entry.released);
      this.#byArrivalFrom = 0;
    } else if (this.#byArrivalFrom >= SPENT && this.#byArrivalFrom * 2 > this.#byArrival.length) {
      this.#byArrival.splice(0, this.#byArrivalFrom);
      this.#byArrivalFrom = 0;
    }
  }
}
