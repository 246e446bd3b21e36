import type { Db } from '../database/connect.ts';
import { isAnswer } from '../database/is-answer.ts';
import { JobsError } from '../errors.ts';
import type { Queue } from '../queue/queue.ts';
import type { Fact } from './fact.ts';
import type { Ledger, StoredEvent, TakeOutcome } from './ledger.ts';
import { insertEvents } from './queries/insert-events.ts';
import { record } from './record.ts';

/** Transactions at a time: others than events want connections, too. */
const LANES = 4;
/** Events of one transaction: it has to be over long before Stream waits no more. */
const MOST = 50;

interface Waiting {
  readonly event: StoredEvent;
  readonly facts: readonly Fact[];
  /** What its facts are about. */
  readonly calls: readonly string[];
  readonly resolve: (result: TakeOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes events together that come while others are being written: in a burst, one transaction for many of them, each of which is
 * answered when that is durable. Those of a call that is being written wait here, and not with a connection each for the call's lock.
 */
export class TakeTogether {
  readonly #db: Db;
  readonly #queue: Queue;
  #waiting: Waiting[] = [];
  #lanes = 0;
  /** Of which facts are being written. */
  readonly #busy = new Set<string>();

  constructor(db: Db, queue: Queue) {
    this.#db = db;
    this.#queue = queue;
  }

  readonly take: Ledger['take'] = (event, facts) =>
    new Promise((resolve, reject) => {
      const calls = facts.map(({ callCid }) => JSON.stringify([event.apiKey, callCid]));
      this.#waiting.push({ event, facts, calls, resolve, reject });
      this.#begin();
    });

  #begin(): void {
    while (this.#lanes < LANES) {
      const group = this.#nextGroup();
      if (group.length === 0) return;
      void this.#run(group);
    }
  }

  /** Of one app, the first first; none of a call that another group has. */
  #nextGroup(): Waiting[] {
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    for (const [index, each] of this.#waiting.entries()) {
      if (group.length === MOST) {
        left.push(...this.#waiting.slice(index));
        break;
      }
      const isOfGroup = each.event.apiKey === (group[0] ?? each).event.apiKey;
      const isFree = each.calls.every((call) => !this.#busy.has(call));
      (isOfGroup && isFree ? group : left).push(each);
    }
    this.#waiting = left;
    return group;
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    const calls = group.flatMap((each) => each.calls);
    for (const call of calls) this.#busy.add(call);
    this.#lanes += 1;
    try {
      await this.#write(group);
    } finally {
      this.#lanes -= 1;
      for (const call of calls) this.#busy.delete(call);
      this.#begin();
    }
  }

  /** Never rejects. One that cannot be taken does not take the others with it. */
  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const taken = await this.#takeAll(group);
      for (const each of group) each.resolve(taken.has(each.event) ? 'taken' : 'repeated');
    } catch (error) {
      const isOfOne = error instanceof JobsError || isAnswer(error);
      if (group.length > 1 && isOfOne) for (const each of group) await this.#write([each]);
      else for (const each of group) each.reject(error);
    }
  }

  /** @returns those that were not there already */
  #takeAll(group: readonly Waiting[]): Promise<ReadonlySet<StoredEvent>> {
    return this.#db.transaction().execute(async (trx) => {
      const taken = await insertEvents(
        trx,
        group.map(({ event }) => event),
      );
      const facts = group.filter(({ event }) => taken.has(event)).flatMap((each) => each.facts);
      await record(trx, this.#queue, group[0]?.event.apiKey ?? '', facts);
      return taken;
    });
  }
}
