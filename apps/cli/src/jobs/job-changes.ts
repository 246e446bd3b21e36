import { JOB_STATES } from '../options/service.ts';
import type { Job } from './job.ts';
import type { JobsApi } from './jobs-api.ts';

/** States that nothing but a person, or a new link, leads out of. */
const ENDS: readonly string[] = ['done', 'failed', 'expired', 'ignored', 'cancelled'];
const isEnd = (state: string): boolean => ENDS.includes(state);
const OPEN_STATES = JOB_STATES.filter((state) => !isEnd(state)).join(',');

/** One page: what comes and goes between two looks beyond that is not seen. */
const MOST = 1000;

/**
 * What has changed from look to look: of the newest recordings, and of those that have come to no end, however old. One that left both is
 * asked for by its id.
 */
export class Changes {
  readonly #api: JobsApi;
  readonly #call: string | undefined;
  #known: ReadonlyMap<string, Job> | undefined;

  constructor(api: JobsApi, call: string | undefined) {
    this.#api = api;
    this.#call = call;
  }

  /** The first time, what is under way; then what is not as it was. Oldest change first. */
  async look(): Promise<readonly Job[]> {
    const call = this.#call;
    const [newest, open] = await Promise.all([
      this.#api.list({ call, limit: MOST }),
      this.#api.list({ call, state: OPEN_STATES, limit: MOST }),
    ]);
    const known = this.#known;
    const seen = new Map([...open.recordings, ...newest.recordings].map((job) => [job.id, job]));
    const gone = [...(known?.values() ?? [])].filter(({ id, state }) => !seen.has(id) && !isEnd(state));
    for (const { id } of gone) seen.set(id, await this.#api.show(id));
    this.#known = seen;
    const news = [...seen.values()].filter((job) =>
      known === undefined ? !isEnd(job.state) : markOf(known.get(job.id)) !== markOf(job),
    );
    return news.sort((one, other) => Date.parse(one.since) - Date.parse(other.since));
  }
}

const markOf = (job: Job | undefined): string => `${job?.state} ${job?.attempt} ${job?.since}`;
