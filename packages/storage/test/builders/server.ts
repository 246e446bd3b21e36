import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { withoutUndefined } from '@rawreel/text';
import { afterAll } from 'vitest';

export interface Served {
  readonly bytes: Buffer;
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Bytes of the body that were sent. */
  sent: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  readonly origin: string;
  readonly asked: Asked[];
  /** What answers from now on. */
  handler: Handler;
  /** Called with all bytes of bodies that were sent so far. */
  onSent: (sent: number) => void;
  close(): Promise<void>;
}

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly path: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** For loopback, signed by nobody. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'loopback-certificate-'));
  folders.push(folder);
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', path], {
    stdio: 'pipe',
  });
  return { key: readFileSync(key), cert: readFileSync(path), path };
}

let trusted: Certificate | undefined;

/** One that this process trusts, and its children if NODE_EXTRA_CA_CERTS names its path. */
export function trustedCertificate(): Certificate {
  if (trusted === undefined) {
    trusted = makeCertificate();
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), trusted.cert.toString()]);
  }
  return trusted;
}

export async function startServer(
  scheme: 'http' | 'https',
  handler: Handler,
  certificate?: Certificate,
): Promise<TestServer> {
  const answer: Handler = (request, response) => {
    const asked: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      sent: 0,
    };
    started.asked.push(asked);
    const write = response.write.bind(response);
    response.write = ((chunk: Buffer, ...rest: []) => {
      asked.sent += chunk.length;
      sent += chunk.length;
      const goesOn = write(chunk, ...rest);
      started.onSent(sent);
      return goesOn;
    }) as typeof response.write;
    started.handler(request, response);
  };
  const server =
    scheme === 'http'
      ? http.createServer(answer)
      : https.createServer({ ...(certificate ?? trustedCertificate()) }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let sent = 0;
  const started: TestServer = {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    handler,
    onSent: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return started;
}

/** What an honest server does with a GET of an object: ranges, conditions, one answer. */
export function honest(served: Served): Handler {
  return (request, response) => {
    const { bytes, etag, lastModified } = served;
    const headers: http.OutgoingHttpHeaders = withoutUndefined({
      'accept-ranges': 'bytes',
      etag,
      'last-modified': lastModified,
    });
    const asks = request.headers;
    if (request.method !== 'GET') return void response.writeHead(403).end();
    if (asks['if-match'] !== undefined && asks['if-match'] !== etag) {
      return void response.writeHead(412).end();
    }
    const since = asks['if-modified-since'];
    if (
      (asks['if-none-match'] !== undefined && asks['if-none-match'] === etag) ||
      (since !== undefined && Date.parse(lastModified ?? '') <= Date.parse(since))
    ) {
      return void response.writeHead(304, headers).end();
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(asks.range ?? '') ?? [];
    if (first === undefined) {
      response.writeHead(200, { ...headers, 'content-length': bytes.length });
      return send(response, bytes);
    }
    const [from, to] = [Number(first), Math.min(Number(last) + 1, bytes.length)];
    if (from >= bytes.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    }
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${from}-${to - 1}/${bytes.length}`,
      'content-length': to - from,
    });
    send(response, bytes.subarray(from, to));
  };
}

const PIECE = 64 * 1024;

/** Piece by piece, as the other side takes them, so that what was sent can be counted. */
export function send(response: ServerResponse, bytes: Buffer, onEnd = () => void response.end()): void {
  let at = 0;
  const more = () => {
    while (at < bytes.length) {
      if (response.destroyed) return;
      const piece = bytes.subarray(at, at + PIECE);
      at += piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    onEnd();
  };
  more();
}

/** The range that was asked for. */
export function rangeOf({ headers }: Pick<Asked, 'headers'>): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  return first === undefined ? undefined : { from: Number(first), to: Number(last) + 1 };
}

export function sentBy(server: TestServer): number {
  return server.asked.reduce((sum, { sent }) => sum + sent, 0);
}
