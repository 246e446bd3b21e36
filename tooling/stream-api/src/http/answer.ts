import type { IncomingHttpHeaders } from 'node:http';
import type { Api } from '../endpoints/endpoint.ts';
import { ApiError, errorBody } from '../errors.ts';
import { validate } from '../requests/validate.ts';
import { authenticate, type Credentials } from './auth.ts';
import type { RateLimiter } from './rate-limit.ts';
import { type Match, unknownRoute } from './route.ts';

/** A request that has come whole. */
export interface Asked {
  readonly method: string;
  /** Encoded as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** None: there is no such route. */
  readonly match: Match | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Carries out what is asked for, or says why not: who asks comes first, then how often, then what. */
export function answerTo(api: Api, credentials: Credentials, limiter: RateLimiter, asked: Asked): Answer {
  const begun = performance.now();
  let headers: Answer['headers'] = {};
  try {
    const now = api.clock.now();
    authenticate(credentials, asked, now);
    const taken = limiter.take(now);
    headers = taken.headers;
    if (!taken.passes) throw tooManyRequests();
    const result = carryOut(api, asked);
    return {
      // As the API has been seen to answer what makes or replaces something.
      status: asked.method === 'POST' || asked.method === 'PUT' ? 201 : 200,
      headers,
      body: { ...result, duration: `${(performance.now() - begun).toFixed(2)}ms` },
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, headers, body: errorBody(error) };
  }
}

export const tooManyRequests = () =>
  new ApiError('rateLimit', 'Too many requests, see the X-RateLimit headers of this answer');

/** @throws ApiError what is wrong with the request, or with what it asks for. */
function carryOut(api: Api, { method, path, query, headers, text, match }: Asked): object {
  if (match === undefined) throw unknownRoute(method, path);
  const { endpoint, params } = match;
  const unknown = [...query.keys()].find((key) => key !== 'api_key' && !endpoint.query?.includes(key));
  if (unknown !== undefined)
    throw new ApiError('input', `${endpoint.name} failed with error: "${unknown} is not a known parameter"`);
  const body =
    endpoint.body === undefined
      ? undefined
      : validate(endpoint.name, endpoint.body, parsed(endpoint.name, headers, text));
  return endpoint.answer(api, { params, body });
}

function parsed(operation: string, headers: IncomingHttpHeaders, text: string): unknown {
  const refuse = (reason: string) => new ApiError('input', `${operation} failed with error: "${reason}"`);
  const type = headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') throw refuse(`content-type ${type ?? 'none'} is not application/json`);
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('the body is not JSON');
  }
}
