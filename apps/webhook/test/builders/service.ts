import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Jobs, openJobs } from '@rawreel/jobs';
import { onTestFinished } from 'vitest';
import { bytesOf, headersOf } from './events.ts';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'rawreel-webhook.js');
export const SAMPLE = join(import.meta.dirname, '../../../../test/samples/chromium-call.zip');

/** One line of its log. */
export interface Line {
  readonly level: string;
  readonly text: string;
  readonly call?: string;
  readonly [field: string]: unknown;
}

/** `rawreel-webhook` as people run it, in a process of its own. */
export class Service {
  readonly lines: Line[] = [];
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  readonly #news = new EventTarget();
  stderr = '';

  constructor(command: string, env: Record<string, string>) {
    const { PATH = '' } = process.env;
    this.#process = spawn(process.execPath, [BIN, command], {
      env: { PATH, RAWREEL_PORT: '0', RAWREEL_ADMIN_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#process, 'close');
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    if (this.#process.stdout)
      createInterface(this.#process.stdout).on('line', (line) => {
        this.lines.push(JSON.parse(line) as Line);
        this.#news.dispatchEvent(new Event('line'));
      });
    void this.#exited.then(() => this.#news.dispatchEvent(new Event('line')));
    onTestFinished(() => this.kill());
  }

  /** The first line with the text in it; it may have been told before. */
  async line(text: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line.text.includes(text));
      if (found) return found;
      if (this.#process.exitCode !== null) throw new Error(`it ended: ${this.told}`);
      await once(this.#news, 'line');
    }
  }

  /** Resolves once it has told more lines than so many. */
  async moreThan(count: number): Promise<void> {
    while (this.lines.length <= count) {
      if (this.#process.exitCode !== null) throw new Error(`it ended: ${this.told}`);
      await once(this.#news, 'line');
    }
  }

  /** The address of its receiver. */
  async url(): Promise<string> {
    const { url } = await this.line('receiving on');
    return String(url);
  }

  /** The address of its health, metrics and API. */
  async adminUrl(): Promise<string> {
    const { adminUrl } = await this.line('metrics');
    return String(adminUrl);
  }

  /** As when the program that its lines go to ends. */
  closeLog(): void {
    this.#process.stdout?.destroy();
  }

  get told(): string {
    return `${this.lines.map((line) => JSON.stringify(line)).join('\n')}\n${this.stderr}`;
  }

  async exitCode(): Promise<unknown> {
    return (await this.#exited)[0];
  }

  async stop(): Promise<unknown> {
    this.#process.kill('SIGTERM');
    return await this.exitCode();
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

/** A folder that the embedded PostgreSQL can be in: it runs as another user where this is root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-service-'));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The ledger that a service has left or is using. */
export async function ledgerIn<T>(
  dataFolder: string,
  look: (ledger: Jobs['ledger']) => Promise<T>,
): Promise<T> {
  const jobs = await openJobs({ dataFolder });
  try {
    return await look(jobs.ledger);
  } finally {
    await jobs.close();
  }
}

/** Sends an event as Stream does; the code that it is answered with. */
export async function send(
  url: string,
  event: unknown,
  webhookId: string,
  { apiKey, secret }: { readonly apiKey: string; readonly secret: string },
): Promise<string> {
  const json = bytesOf(event);
  const headers = { ...headersOf(json, secret), 'x-api-key': apiKey, 'x-webhook-id': webhookId };
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(json) });
  return `${response.status} ${((await response.json()) as { code: string }).code}`;
}

/** A server on loopback for the length of a test. */
export async function serveFiles(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The sample call, in ranges. */
export function sendSample(range: string | undefined, response: ServerResponse): void {
  const { size } = statSync(SAMPLE);
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  const start = Number(first);
  const end = Math.min(last === '' ? size : Number(last), size - 1);
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': end - start + 1,
    etag: '"sample"',
  });
  createReadStream(SAMPLE, { start, end }).pipe(response);
}

/** What ffprobe finds in a media file. */
export function probe(path: string): { readonly kinds: readonly string[]; readonly seconds: number } {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_type:format=duration', '-of', 'json', path];
  const found = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
    streams: { codec_type: string }[];
    format: { duration: string };
  };
  return {
    kinds: found.streams.map(({ codec_type }) => codec_type).toSorted(),
    seconds: Math.round(Number(found.format.duration)),
  };
}
