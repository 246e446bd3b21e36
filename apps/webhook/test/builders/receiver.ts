import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Fact, StoredEvent } from '@rawreel/jobs';
import express, { type Express } from 'express';
import type { Answer } from '../../src/http/answers.ts';
import { createReceiveServer } from '../../src/http/receive-server.ts';
import { createStreamWebhookRouter } from '../../src/http/stream-webhook-router.ts';
import type { Take } from '../../src/http/take.ts';
import { KEY, SECRET } from './events.ts';

/** A store in memory that knows repeats, as the ledger does. */
export class Store {
  readonly events: StoredEvent[] = [];
  readonly facts: Fact[] = [];
  readonly #identities = new Set<string>();

  readonly take: Take = async (event, facts) => {
    if (this.#identities.has(event.identity)) return 'repeated';
    this.#identities.add(event.identity);
    this.events.push(event);
    this.facts.push(...facts);
    return 'taken';
  };
}

export interface Served extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

export async function serve(app: Express): Promise<Served> {
  const server = createReceiveServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface Receiver extends Served {
  readonly store: Store;
  readonly answers: readonly Answer[];
}

/** The router at /hook of an app that may have its own middleware before. */
export async function serveRouter(
  options: { take?: Take; before?: (app: Express) => void } = {},
): Promise<Receiver> {
  const store = new Store();
  const answers: Answer[] = [];
  const app = express();
  options.before?.(app);
  const take = options.take ?? store.take;
  const onAnswer = (answer: Answer) => answers.push(answer);
  app.use('/hook', createStreamWebhookRouter({ secrets: { [KEY]: SECRET }, take, onAnswer }));
  const served = await serve(app);
  return { ...served, store, answers };
}

/** A connection that says what it is told, byte by byte, and keeps what it hears. */
export class RawClient {
  readonly #socket: Socket;
  readonly #statuses: number[] = [];
  #heard = '';

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1').on('data', (text) => {
      this.#heard += text;
    });
    // A server that cuts off is seen by what was heard.
    this.#socket.on('error', () => {});
  }

  /** Resolves once the bytes are the system's. */
  async say(bytes: string | Uint8Array): Promise<void> {
    await new Promise((resolve) => this.#socket.write(bytes, resolve));
  }

  /** The statuses of the answers, once there are as many. */
  async statuses(count: number): Promise<number[]> {
    for (;;) {
      this.#listen();
      if (this.#statuses.length >= count) return this.#statuses;
      await once(this.#socket, 'data');
    }
  }

  #listen(): void {
    let read = 0;
    for (const { 0: line, 1: status, index } of this.#heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      this.#statuses.push(Number(status));
      read = index + line.length;
    }
    this.#heard = this.#heard.slice(read);
  }

  async closed(): Promise<void> {
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** The head of a POST to /hook. */
export const head = (headers: Record<string, string | number>): string =>
  `POST /hook HTTP/1.1\r\nHost: x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
