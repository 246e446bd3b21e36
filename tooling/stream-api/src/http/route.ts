import type { Endpoint } from '../endpoints/endpoint.ts';
import { ApiError } from '../errors.ts';

export interface Match {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

/** @param path as it came, still encoded: an encoded slash is part of its segment. */
export function route(endpoints: readonly Endpoint[], method: string, path: string): Match | undefined {
  for (const endpoint of endpoints) {
    const params = endpoint.method === method ? paramsOf(endpoint, path) : undefined;
    if (params !== undefined) return { endpoint, params };
  }
  return undefined;
}

export const unknownRoute = (method: string, path: string) =>
  new ApiError('doesNotExist', `${method} ${path} is not a route of this API`);

function paramsOf({ path: pattern, only = {} }: Endpoint, path: string): Match['params'] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? value !== segment : value === undefined || value === '') return undefined;
    if (name === undefined || value === undefined) continue;
    if (only[name]?.includes(value) === false) return undefined;
    params[name] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
