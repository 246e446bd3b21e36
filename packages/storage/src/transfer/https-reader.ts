import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { proxiesInUse } from '../proxies.ts';
import { BadAnswer } from './answer.ts';
import { guardedConnector, type Network, REAL_NETWORK } from './guarded-connector.ts';
import { type RangeAnswer, type RangeReader, type RangeRequest, Refusal, rangeOf } from './range-reader.ts';

const MOST_REDIRECTS = 5;
/** Of what a server says about an error. */
const MOST_TEXT = 16 * 1024;

type Headers = Record<string, string | string[] | undefined>;

/**
 * Ranges of what a URL names. Never asked with HEAD: a URL that is signed for GET refuses it.
 *
 * @param connections at the same time; several carry more than one does, also where HTTP/2 could share it
 */
export async function openHttpsReader(
  url: URL,
  connections: number,
  network: Network = REAL_NETWORK,
): Promise<RangeReader> {
  const { Agent, buildConnector, EnvHttpProxyAgent, request } = await import('undici');
  const connect = guardedConnector(buildConnector, { allowH2: false }, network);
  // Time-outs are those of the connection above, which knows both kinds of reader.
  const options = { connect, connections, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
  const proxies = proxiesInUse();
  // Where a request goes behind a proxy is the proxy's to decide; the connector guards what is reached directly.
  const agent =
    proxies === undefined ? new Agent(options) : new EnvHttpProxyAgent({ ...options, ...proxies });
  const credentials = basicCredentials(url);

  const get = async (at: URL, headers: Headers, signal: AbortSignal) => {
    const answer = await request(at, {
      dispatcher: agent,
      signal,
      headers:
        at.origin === url.origin && credentials !== undefined
          ? { ...headers, authorization: credentials }
          : headers,
    });
    // A body that is given up says so with an event, which would end the process where nobody listens.
    answer.body.on('error', () => {});
    return answer;
  };

  const follow = async (headers: Headers, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    let at = withoutCredentials(url);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await get(at, headers, signal);
      const location = single(answer.headers, 'location');
      if (![301, 302, 303, 307, 308].includes(answer.statusCode) || location === undefined) return answer;
      await answer.body.dump({ limit: MOST_TEXT });
      at = redirected(at, location);
    }
    throw new BadAnswer(`it redirects more than ${MOST_REDIRECTS} times`, { final: true });
  };

  return {
    async open(wanted) {
      const answer = await follow(headersOf(wanted), wanted.signal);
      const status = answer.statusCode;
      if (status !== 200 && status !== 206 && status !== 304) throw await refusalOf(answer);
      return toAnswer(status, answer.headers, answer.body);
    },
    close: () => agent.destroy(),
  };
}

function headersOf({ from, to, onlyIf, unless }: RangeRequest): Headers {
  return {
    'accept-encoding': 'identity',
    'user-agent': 'rawreel',
    range: rangeOf(from, to),
    'if-match': onlyIf?.etag,
    // A server that gave an ETag has to ignore the date beside it.
    'if-unmodified-since': onlyIf?.etag === undefined ? onlyIf?.lastModified : undefined,
    'if-none-match': unless,
  };
}

function toAnswer(status: RangeAnswer['status'], headers: Headers, body: Readable): RangeAnswer {
  const contentLength = single(headers, 'content-length');
  return {
    status,
    etag: single(headers, 'etag'),
    lastModified: single(headers, 'last-modified'),
    contentRange: single(headers, 'content-range'),
    contentLength: contentLength === undefined ? undefined : Number(contentLength),
    contentEncoding: single(headers, 'content-encoding'),
    body,
  };
}

async function refusalOf(answer: Dispatcher.ResponseData): Promise<Refusal> {
  let text = '';
  try {
    for await (const chunk of answer.body) {
      text += String(chunk);
      if (text.length > MOST_TEXT) break;
    }
  } catch {
    // The status says enough.
  }
  const code =
    single(answer.headers, 'x-ms-error-code') ?? /<Code>([^<]*)<\/Code>/.exec(text.slice(0, MOST_TEXT))?.[1];
  const retryAfter = single(answer.headers, 'retry-after');
  return new Refusal(answer.statusCode, { text: text.slice(0, MOST_TEXT), code, retryAfter });
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to === null || (to.protocol !== 'https:' && to.protocol !== 'http:')) {
    throw new BadAnswer('it redirects to what is no https:// URL', { final: true });
  }
  if (from.protocol === 'https:' && to.protocol === 'http:' && !isLoopback(to.hostname)) {
    throw new BadAnswer(`it redirects from https to http (${to.host}), where anybody may listen`, {
      final: true,
    });
  }
  return withoutCredentials(to);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function withoutCredentials(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
