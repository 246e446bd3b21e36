import { withoutUndefined } from '@rawreel/text';
import type { StreamClient } from '@stream-io/node-sdk';
import { callsOf } from './answers.ts';
import type { Signal } from './calls.ts';
import { RecordingControlError } from './errors.ts';
import { CONCURRENCY, inParallel } from './in-parallel.ts';
import type { CallRef } from './names.ts';
import type { ListedRecording, ListedTypes, Recordings } from './recordings.ts';
import type { Requests } from './requests.ts';

/** Which calls. Default: all of the app. */
export interface CallQuery {
  /** Not those that were ended for good before. */
  readonly since?: Date | undefined;
  /**
   * Only those that are ongoing, or that were made, changed or ended at `since` or later. A call that was joined and left again
   * meanwhile, and not ended, may be none of them: Stream does not say whether that counts as a change.
   */
  readonly onlyActive?: boolean | undefined;
  /** Only those that were created before. */
  readonly until?: Date | undefined;
  /** Of these types; of all where it is left out. */
  readonly callTypes?: readonly string[] | undefined;
  readonly signal?: Signal;
}

export interface SweepOptions extends CallQuery {
  /** Default: `raw`. */
  readonly types?: ListedTypes | undefined;
  /** How many calls' lists are requested at a time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Of these calls, whether there are others or not: the API is not asked which there are. */
  readonly calls?: readonly CallRef[] | undefined;
  /** Of the calls that are found, also what began outside the period: a long recording is ready long after its beginning. */
  readonly begunAnyTime?: boolean | undefined;
}

/** Of each call that was found: its recordings that began in the period (or at any time), the earliest first, or why they cannot be listed. */
export type SweptCall =
  | {
      readonly call: CallRef;
      readonly state: 'listed';
      readonly recordings: readonly ListedRecording[];
      /** What is wrong with each entry of the list that is left out. */
      readonly unusable: readonly string[];
    }
  | { readonly call: CallRef; readonly state: 'failed'; readonly error: RecordingControlError };

/** The most that the API has in one answer. */
const PAGE = 100;

/** All calls of an app, and what was recorded of them: the API lists recordings of one call at a time, and calls by their times. */
export class Sweep {
  readonly #client: StreamClient;
  readonly #requests: Requests;
  readonly #recordings: Recordings;

  constructor(client: StreamClient, requests: Requests, recordings: Recordings) {
    this.#client = client;
    this.#requests = requests;
    this.#recordings = recordings;
  }

  async *calls(query: CallQuery = {}): AsyncGenerator<CallRef> {
    for await (const page of this.#pages(query)) yield* page;
  }

  async *recordings(options: SweepOptions = {}): AsyncGenerator<SweptCall> {
    const { concurrency = CONCURRENCY, calls } = options;
    for await (const page of calls === undefined ? this.#pages(options) : pagesOf(calls)) {
      yield* await inParallel(page, concurrency, (call) => this.#list(call, options));
    }
  }

  async #list(
    call: CallRef,
    { since, until, types, begunAnyTime = false, signal }: SweepOptions,
  ): Promise<SweptCall> {
    const unusable: string[] = [];
    const onUnusable = (what: string) => unusable.push(what);
    try {
      const listed = await this.#recordings.list(call, { types, onUnusable, signal });
      const recordings = listed.filter(
        ({ startTime }) =>
          begunAnyTime ||
          ((since === undefined || startTime >= since) && (until === undefined || startTime < until)),
      );
      return { call, state: 'listed', recordings, unusable };
    } catch (error) {
      if (!(error instanceof RecordingControlError) || error.code === 'ERR_ABORTED') throw error;
      return { call, state: 'failed', error };
    }
  }

  /** The oldest first, so that calls which are made meanwhile come last and shift none. */
  async *#pages(query: CallQuery): AsyncGenerator<readonly CallRef[]> {
    let next = '';
    do {
      const page = await this.#page(query, next);
      yield page.calls.map(({ call: { type, id } }) => ({ type, id }));
      if (page.next === next && next !== '') {
        throw new RecordingControlError(
          'ERR_BAD_ANSWER',
          'The calls cannot be listed: a page leads to itself',
        );
      }
      next = page.next;
    } while (next !== '');
  }

  #page(query: CallQuery, next: string) {
    return this.#requests.read({
      endpoint: 'QueryCalls',
      action: 'The calls cannot be listed',
      signal: query.signal,
      send: () =>
        this.#client.video.queryCalls(
          withoutUndefined({
            filter_conditions: filterOf(query),
            sort: [{ field: 'created_at', direction: 1 }],
            limit: PAGE,
            next: next === '' ? undefined : next,
          }),
        ),
      parse: callsOf,
    });
  }
}

function* pagesOf(calls: readonly CallRef[]): Generator<readonly CallRef[]> {
  for (let from = 0; from < calls.length; from += PAGE) yield calls.slice(from, from + PAGE);
}

/** There is no filter for calls that have recordings, and a call can be joined again and again until it is ended. */
function filterOf({ since, until, callTypes, onlyActive = false }: CallQuery): Record<string, unknown> {
  const from = since && { $gte: since.toISOString() };
  const changedSince = from && [{ created_at: from }, { updated_at: from }, { ended_at: from }];
  const notEndedBefore = from && [{ ended_at: { $exists: false } }, { ended_at: from }];
  return withoutUndefined({
    created_at: until && { $lt: until.toISOString() },
    type: callTypes && { $in: callTypes },
    $or: onlyActive ? [{ ongoing: { $eq: true } }, ...(changedSince ?? [])] : notEndedBefore,
  });
}
