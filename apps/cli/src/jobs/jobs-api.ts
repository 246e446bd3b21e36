import { CliError } from '../failure/errors.ts';
import { hasHistory, isJob, isPage, type Job, type JobPage, type JobWithHistory } from './job.ts';

export interface JobsFilter {
  readonly state?: string | undefined;
  readonly call?: string | undefined;
  readonly since?: string | undefined;
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** A service's API, as far as the commands use it. Every method throws a CliError where it is refused or not answered. */
export interface JobsApi {
  /** The page that was answered before where nothing has changed since. */
  list(filter: JobsFilter): Promise<JobPage>;
  show(id: string): Promise<JobWithHistory>;
  retry(id: string): Promise<Job>;
  cancel(id: string): Promise<Job>;
}

export interface JobsApiOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface Refusal {
  readonly code: string;
  /** In place of the service's own, which is for programs. */
  readonly hint?: string;
}

const TOKEN_HINT =
  'Use the token that the service has as RAWREEL_API_TOKEN: set the variable here, or use --token-file.';

/** What each refusal of the service is called here; any other is ERR_API. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ['wrong-token', { code: 'ERR_API_TOKEN', hint: TOKEN_HINT }],
  ['no-token-configured', { code: 'ERR_API_TOKEN' }],
  ['no-recording', { code: 'ERR_NO_RECORDING', hint: 'List recordings: rawreel jobs list' }],
  ['wrong-state', { code: 'ERR_WRONG_STATE' }],
  ['busy', { code: 'ERR_API_UNAVAILABLE' }],
  ['unavailable', { code: 'ERR_API_UNAVAILABLE' }],
]);

/** Whether the same question may be answered a little later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof CliError && (error.code === 'ERR_API_UNAVAILABLE' || error.code === 'ERR_API_UNREACHABLE');

export function createJobsApi({ url, token, timeoutMs, signal }: JobsApiOptions): JobsApi {
  const pages = new Map<string, { readonly etag: string; readonly page: JobPage }>();

  async function ask<T>(
    path: string,
    fits: (answer: unknown) => answer is T,
    init: { readonly method?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<{ readonly answer: T; readonly etag: string } | 'unchanged'> {
    const response = await fetch(`${url}/api/v1${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
      // A token is for the one that was named.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreachable(url, error);
    });
    if (response.status === 304) return 'unchanged';
    const answer: unknown = await response.json().catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof SyntaxError ? noService(url) : unreachable(url, error);
    });
    if (!response.ok) throw refused(answer, url);
    if (!fits(answer)) throw noService(url);
    return { answer, etag: response.headers.get('etag') ?? '' };
  }

  async function one<T>(path: string, fits: (answer: unknown) => answer is T, method?: string): Promise<T> {
    const asked = await ask(path, fits, method === undefined ? {} : { method });
    if (asked === 'unchanged') throw noService(url);
    return asked.answer;
  }

  const pathOf = (id: string) => `/recordings/${encodeURIComponent(id)}`;
  return {
    async list(filter) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(filter))
        if (value !== undefined) query.set(name, String(value));
      const path = `/recordings?${query}`;
      const known = pages.get(path);
      // Without the second header fetch sends one that asks for a new answer in any case.
      const headers = known && { 'if-none-match': known.etag, 'cache-control': 'max-age=0' };
      const asked = await ask(path, isPage, headers && { headers });
      if (asked === 'unchanged') return known?.page ?? { recordings: [] };
      pages.set(path, { etag: asked.etag, page: asked.answer });
      return asked.answer;
    },
    show: (id) => one(pathOf(id), hasHistory),
    retry: (id) => one(`${pathOf(id)}/retry`, isJob, 'POST'),
    cancel: (id) => one(`${pathOf(id)}/cancel`, isJob, 'POST'),
  };
}

function unreachable(url: string, error: unknown): CliError {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  const why = name === 'TimeoutError' ? 'in time' : `(${cause?.code ?? cause?.message ?? name})`;
  return new CliError(`no answer from ${url} ${why}`, {
    code: 'ERR_API_UNREACHABLE',
    hints: [
      'rawreel-webhook prints the address of its health and metrics when it starts: use it as --url or RAWREEL_API_URL.',
    ],
    cause: error,
  });
}

const noService = (url: string): CliError =>
  new CliError(`${url} is not a rawreel-webhook`, {
    code: 'ERR_API',
    hints: ['The API has the address of health and metrics, not the one that receives events.'],
  });

function refused(answer: unknown, url: string): CliError {
  const { code, message, hint } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string' || code === 'not-found') return noService(url);
  const refusal = REFUSALS.get(code) ?? { code: 'ERR_API' };
  const said = refusal.hint ?? hint;
  return new CliError(message, { code: refusal.code, hints: typeof said === 'string' ? [said] : [] });
}
