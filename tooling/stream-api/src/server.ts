import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from './clock.ts';
import type { Api } from './endpoints/endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { ApiError, errorBody } from './errors.ts';
import { authenticate } from './http/auth.ts';
import { parseBody, readBody, sendJson } from './http/exchange.ts';
import { type FaultRule, Faults } from './http/faults.ts';
import { type RateLimit, RateLimiter } from './http/rate-limit.ts';
import { type Match, route } from './http/route.ts';
import { validate } from './requests/validate.ts';
import { Recorder, type RecordingEvent } from './state/recorder.ts';
import { newState, type StateView } from './state/state.ts';

export interface StreamApiOptions {
  /** All endpoints together; Stream's own limits are higher than any test. */
  readonly rateLimit?: RateLimit;
  /** From the stop of a recording until it is listed, 2000 unless told. */
  readonly readyAfterMs?: number;
  /** Milliseconds since 1970: a time of the test's own, with which nothing happens by itself. */
  readonly now?: () => number;
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query, encoded as it came. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, otherwise the text; undefined where there was none. */
  readonly body: unknown;
  /** The API's name of what was asked for, as in `StartRecording`; none for an unknown route. */
  operation: string | undefined;
  /** HTTP status of the answer; none where none was given. */
  status: number | undefined;
}

export interface StreamApi {
  /** `http://127.0.0.1:port`: the SDK's `basePath`. */
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly state: StateView;
  /** Every request to the API, the first first. */
  readonly requests: readonly SeenRequest[];
  /** Something goes wrong with the next requests that match. */
  fault(rule: FaultRule): void;
  /** Moves the time forward, and lets happen what is due until then. */
  advance(ms: number): Promise<void>;
  /** Ends open requests too. */
  stop(): Promise<void>;
}

const CREDENTIALS = { apiKey: 'rawreel-key', secret: 'rawreel-secret' };
const NO_LIMIT = { requests: 100_000, windowMs: 60_000 };

/** Starts a stand-in for Stream's API on a free port of loopback, as a new app has it; resolves when it serves. */
export async function startStreamApi(options: StreamApiOptions = {}): Promise<StreamApi> {
  const clock = new Clock(options.now);
  const state = newState(clock.now());
  const limiter = new RateLimiter(options.rateLimit ?? NO_LIMIT);
  const faults = new Faults();
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urlOf: Api['urlOf'] = (call, { sessionId, filename }) =>
    `${url}/recordings/${call.type}/${call.id}/${sessionId}/${filename}`;
  const emit = (_event: RecordingEvent) => {};
  const recorder = new Recorder({ clock, readyAfterMs: options.readyAfterMs ?? 2000, urlOf, emit });
  const api: Api = { state, clock, recorder, urlOf, url };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    clock.catchUp();
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', url);
    const text = await readBody(request);
    const seen: SeenRequest = {
      method: request.method ?? '',
      path,
      query: Object.fromEntries(query),
      headers: request.headers,
      body: parsedOrText(text),
      operation: undefined,
      status: undefined,
    };
    requests.push(seen);
    const started = performance.now();
    let headers: Record<string, string> = {};
    const answer = (status: number, body: object) => {
      seen.status = status;
      sendJson(response, status, body, headers);
    };
    try {
      authenticate(CREDENTIALS, { query, headers: request.headers }, clock.now());
      const taken = limiter.take(clock.now());
      headers = taken.headers;
      if (!taken.passes) throw new ApiError('rateLimit', 'Too many requests, check response headers');
      const match = route(endpoints, seen.method, path);
      seen.operation = match.endpoint.name;
      const result = carryOut(api, match, query, request, text);
      answer(200, { ...result, duration: `${(performance.now() - started).toFixed(2)}ms` });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer(error.status, errorBody(error));
    }
  }

  return {
    url,
    ...CREDENTIALS,
    state,
    requests,
    fault: (rule) => faults.add(rule),
    advance: async (ms) => clock.advance(ms),
    async stop() {
      clock.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** @throws ApiError what is wrong with the request, or with what it asks for. */
function carryOut(
  api: Api,
  { endpoint, params }: Match,
  query: URLSearchParams,
  request: IncomingMessage,
  text: string,
): object {
  const unknown = [...query.keys()].find((key) => key !== 'api_key' && !endpoint.query?.includes(key));
  if (unknown !== undefined)
    throw new ApiError('input', `${endpoint.name} failed with error: "${unknown} is not a known parameter"`);
  const body =
    endpoint.body === undefined
      ? undefined
      : validate(endpoint.name, endpoint.body, parseBody(endpoint.name, request, text));
  return endpoint.answer(api, { params, query, body });
}

function parsedOrText(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
