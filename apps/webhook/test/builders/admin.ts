import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, type FactBody, type Jobs, openJobs, type RecordingNames } from '@rawreel/jobs';
import { redact } from '@rawreel/text';
import { afterAll, beforeAll } from 'vitest';
import { type AdminAppOptions, createAdminApp } from '../../src/admin/admin-app.ts';
import { type Served, serve } from './receiver.ts';

export const TOKEN = 'a-token-of-some-length';
const APP_SECRET = 'rp7vd5mq8s2kzgx4';

/** Whatever is answered. */
export interface Body {
  readonly id?: string;
  readonly code?: string;
  readonly message?: string;
  readonly recordings?: readonly { readonly id: string }[];
  readonly facts?: readonly object[];
  readonly next?: string;
}

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** One ledger for a test file, and the administration on it. */
export function adminServer(options: Partial<AdminAppOptions> = {}) {
  let folder = '';
  let jobs: Jobs;
  let served: Served;
  const errors: unknown[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rawreel-admin-'));
    // PostgreSQL runs as another user where this is root.
    chmodSync(folder, 0o755);
    jobs = await openJobs({ dataFolder: folder });
    const app = createAdminApp({
      ready: jobs.isReady,
      metrics: { contentType: 'text/plain', text: async () => '' },
      ledger: jobs.ledger,
      tokens: [TOKEN],
      redact: (text) => redact(text, [APP_SECRET, TOKEN]),
      onError: (error) => errors.push(error),
      ...options,
    });
    served = await serve(app);
  });
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    await jobs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    errors,
    jobs: () => jobs,
    url: () => served.url,
    /** Asks below `/api/v1`. */
    async ask(path: string, init: RequestInit & { token?: string } = {}): Promise<Asked> {
      const { token = TOKEN, ...more } = init;
      const headers = { authorization: `Bearer ${token}`, ...more.headers };
      const response = await fetch(`${served.url}/api/v1${path}`, { ...more, headers });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? {} : JSON.parse(text),
      };
    },
  };
}

export const fact = (names: RecordingNames, atMs: number, body: FactBody): Fact => ({
  ...names,
  atMs,
  source: { by: 'webhook', id: 'w1' },
  ...body,
});

/** Of a recording of its own, ready behind a link that is signed. */
export const readyFact = (index: number, callCid = `default:call-${index}`): Fact =>
  fact({ callCid, egressId: `egress-${index}`, sessionId: 's1', filename: `rec_${index}.zip` }, 9000, {
    kind: 'ready',
    url: `https://recordings.example/rec_${index}.zip?Expires=4000000000&Signature=hush`,
    startMs: 1000,
    endMs: 8000,
    expiresAtMs: 4_000_000_000_000,
  });
