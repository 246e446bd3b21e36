import type { RtpdumpRecord } from './rtpdump-reader.ts';

/** Receive times that the records around them contradict. */
export interface ContradictedTimes {
  readonly records: number;
  /** Of these records the farthest from the time that it was given, ms: above 0 where it claims to be later. */
  readonly byMs: number;
}

/** What several threads of a recorder may write out of turn, ms: a record that is so little earlier than the one before is as good as in order. */
const DISORDER_MS = 100;

/** A record that comes so long after the one before has those behind it asked, ms: there are few, and shorter leaps do no harm. */
const PAUSE_MS = 1000;

/** So many records may be wrong in a row: five that say the same are no chance. */
const MOST_WRONG = 4;

/** Of so many behind them the good ones are always as many, so that the majority is right. */
const BEHIND = 2 * MOST_WRONG - 1;

/**
 * Holds receive times against the order in which the records stand, which is that of their arrival. An offset is 32 bits of a
 * record, and one flipped bit of it is days: alone it would make a call of seconds last as long.
 *
 * A record came no sooner than the one before it and no later than those behind it. One that leaps has those behind it asked:
 *
 * - *ahead*: where most of them came before it, it is wrong; where they came after it, there was a pause.
 * - *back*: where fewer than five in a row are nearer to it than to the one before, they are wrong; otherwise the server's
 *   clock was set.
 *
 * A wrong one is given the earliest time of those behind it, or at the end that of the one before: a packet that seems late says
 * nothing of its clock, one that seems early would. Nothing else is changed.
 */
export class ArrivalOrder {
  /** Of the record that was given out last. */
  #lastMs = Number.NEGATIVE_INFINITY;
  /** The same while none is held, not a number otherwise: what nearly all records are asked is one subtraction. */
  #passedMs = Number.NaN;
  /** In file order, as long as a leap is not judged. */
  readonly #held: RtpdumpRecord[] = [];
  #records = 0;
  #byMs = 0;

  /** Undefined where all are in order. */
  get contradicted(): ContradictedTimes | undefined {
    return this.#records === 0 ? undefined : { records: this.#records, byMs: this.#byMs };
  }

  /** Whether a record may go on at once, as nearly all do. If not, `settle` takes it. */
  follows({ offsetMs }: RtpdumpRecord): boolean {
    if (!isStep(offsetMs - this.#passedMs)) return false;
    this.#passedMs = offsetMs;
    return true;
  }

  /** Takes a record that cannot go on at once. @returns those of which the time is known by now, in file order */
  settle(record: RtpdumpRecord): RtpdumpRecord[] {
    if (this.#held.length === 0 && !Number.isNaN(this.#passedMs)) this.#lastMs = this.#passedMs;
    this.#held.push(record);
    return this.#takeSettled(BEHIND);
  }

  /** No more records come. */
  end(): RtpdumpRecord[] {
    return this.#takeSettled(0);
  }

  /** @param behind so many records are waited for before one is judged */
  #takeSettled(behind: number): RtpdumpRecord[] {
    const settled: RtpdumpRecord[] = [];
    for (let head = this.#held[0]; head !== undefined; head = this.#held[0]) {
      const { offsetMs } = head;
      const isInOrder = isStep(offsetMs - this.#lastMs);
      if (!isInOrder && this.#held.length <= behind) break;
      this.#held.shift();
      const receivedMs = isInOrder ? offsetMs : this.#judge(offsetMs);
      this.#lastMs = receivedMs;
      settled.push(receivedMs === offsetMs ? head : this.#corrected(head, receivedMs));
    }
    this.#passedMs = this.#held.length === 0 ? this.#lastMs : Number.NaN;
    return settled;
  }

  /** When a record came that leaps, by those behind it. */
  #judge(offsetMs: number): number {
    const lastMs = this.#lastMs;
    const behind = this.#held.map((record) => record.offsetMs);
    if (isTrue(offsetMs, lastMs, behind)) return offsetMs;
    const inOrder = behind.filter((ms) => ms >= lastMs - DISORDER_MS);
    return inOrder.length === 0 ? lastMs : Math.min(...inOrder);
  }

  #corrected(record: RtpdumpRecord, offsetMs: number): RtpdumpRecord {
    const byMs = record.offsetMs - offsetMs;
    this.#records++;
    if (Math.abs(byMs) > Math.abs(this.#byMs)) this.#byMs = byMs;
    return { ...record, offsetMs };
  }
}

/** Whether a record that came so much later than the one before is asked no more. */
const isStep = (ms: number): boolean => ms >= -DISORDER_MS && ms <= PAUSE_MS;

/** Whether a time that leaps from that of the record before is borne out by those behind. */
function isTrue(offsetMs: number, lastMs: number, behind: readonly number[]): boolean {
  if (offsetMs < lastMs - DISORDER_MS) {
    const nearer = behind.filter((ms) => Math.abs(ms - offsetMs) < Math.abs(ms - lastMs));
    return nearer.length >= MOST_WRONG;
  }
  const earlier = behind.filter((ms) => ms < offsetMs - DISORDER_MS);
  return earlier.length === 0 || 2 * earlier.length < behind.length;
}
