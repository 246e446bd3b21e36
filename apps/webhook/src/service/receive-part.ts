import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createReceiveApp } from '../http/receive-app.ts';
import { createReceiveServer } from '../http/receive-server.ts';
import type { Part, Surroundings } from './part.ts';
import { tellAnswers } from './tell-answers.ts';

/** An event that is being received is answered within 6 s; who has sent none by then is not waited for. */
const CLOSE_WITHIN_MS = 8000;

/** The HTTP receiver. */
export async function receivePart({ jobs, config, log }: Surroundings): Promise<Part> {
  const { ledger, isReady } = jobs;
  const { apps, topics, host, port } = config;
  const app = createReceiveApp({
    secrets: Object.fromEntries(apps.map(({ apiKey, secrets }) => [apiKey, secrets])),
    topics,
    take: ledger.take,
    ready: isReady,
    onAnswer: tellAnswers(log),
  });
  const server = createReceiveServer(app).listen(port, host);
  await once(server, 'listening');
  const at = server.address() as AddressInfo;
  const url = `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/webhooks/stream`;
  const keys = apps.map(({ apiKey }) => apiKey).join(', ');
  log({ level: 'info', text: `receiving on ${url} · app key ${keys}`, fields: { url } });
  return {
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}
