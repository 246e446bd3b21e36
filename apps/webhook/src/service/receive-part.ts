import { VARIABLES } from '../config/config.ts';
import { createReceiveApp } from '../http/receive-app.ts';
import { createReceiveServer } from '../http/receive-server.ts';
import { tracedTake } from '../telemetry/traced-take.ts';
import { listen } from './listen.ts';
import { logAnswers } from './log-answers.ts';
import type { Part, ServiceContext } from './part.ts';

/** An event that is being received is answered within 6 s; who has sent none by then is not waited for. */
const CLOSE_WITHIN_MS = 8000;

/** The HTTP receiver. */
export async function receivePart({ jobs, config, log, metrics }: ServiceContext): Promise<Part> {
  const { ledger, isReady } = jobs;
  const { apps, topics, host, port } = config;
  const tell = logAnswers(log);
  const app = createReceiveApp({
    secrets: Object.fromEntries(apps.map(({ apiKey, secrets }) => [apiKey, secrets])),
    topics,
    take: tracedTake(ledger.take),
    ready: isReady,
    onAnswer(answer) {
      metrics.answered(answer);
      tell(answer);
    },
  });
  const server = await listen(createReceiveServer(app), { host, port, variable: VARIABLES.port.name });
  const url = `${server.url}/webhooks/stream`;
  const keys = apps.map(({ apiKey }) => apiKey).join(', ');
  log({ level: 'info', text: `receiving on ${url} · app key ${keys}`, fields: { url } });
  return { stop: () => server.close(CLOSE_WITHIN_MS) };
}
