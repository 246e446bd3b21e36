import { createHash, createHmac } from 'node:crypto';
import type { S3Server } from './server.ts';

type Signer = Pick<S3Server, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

export interface SignedRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  /** What is signed as the body's digest, where that shall not be its own. */
  readonly bodyDigest?: string;
  readonly at?: Date;
}

export interface PresignOptions {
  readonly method?: string;
  /** Seconds, 600 unless told. */
  readonly expiresIn?: number;
  /** When it was signed: a time in the past makes an expired URL. */
  readonly at?: Date;
}

/**
 * A request with Signature Version 4 in its headers. Written here so that what judges our S3 code is not the SDK that it uses.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @param path `/bucket/key`, as a person writes it.
 */
export function signedFetch(server: Signer, method: string, path: string, request: SignedRequest = {}) {
  const { query = {}, body = '', bodyDigest = sha256(body), at = new Date() } = request;
  const time = timestamp(at);
  const headers = { ...request.headers, 'x-amz-date': time, 'x-amz-content-sha256': bodyDigest };
  const { credential, names, signature } = sign(server, {
    method,
    path,
    query,
    headers: { ...headers, host: new URL(server.endpoint).host },
    bodyDigest,
    time,
  });
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return fetch(urlOf(server, path, query), {
    method,
    headers: { ...headers, authorization },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
}

/** A URL that carries its signature, for one method. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function presignedUrl(
  server: Signer,
  path: string,
  { method = 'GET', expiresIn = 600, at = new Date() }: PresignOptions = {},
): string {
  const time = timestamp(at);
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${server.accessKeyId}/${scopeOf(server, time)}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expiresIn),
    'X-Amz-SignedHeaders': 'host',
  };
  const headers = { host: new URL(server.endpoint).host };
  const { signature } = sign(server, { method, path, query, headers, bodyDigest: 'UNSIGNED-PAYLOAD', time });
  return urlOf(server, path, { ...query, 'X-Amz-Signature': signature });
}

interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyDigest: string;
  readonly time: string;
}

function sign(server: Signer, { method, path, query, headers, bodyDigest, time }: Canonical) {
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    encodePath(path),
    encodeQuery(query),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    bodyDigest,
  ].join('\n');
  const scope = scopeOf(server, time);
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${server.secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  return { credential: `${server.accessKeyId}/${scope}`, names: names.join(';'), signature };
}

function urlOf(server: Signer, path: string, query: Readonly<Record<string, string>>): string {
  const text = encodeQuery(query);
  return `${server.endpoint}${encodePath(path)}${text === '' ? '' : `?${text}`}`;
}

const scopeOf = (server: Signer, time: string) => `${time.slice(0, 8)}/${server.region}/s3/aws4_request`;
const timestamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '');
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const encodePath = (path: string) => path.split('/').map(encode).join('/');
const encodeQuery = (query: Readonly<Record<string, string>>) =>
  Object.keys(query)
    .map((name) => `${encode(name)}=${encode(query[name] ?? '')}`)
    .sort()
    .join('&');
