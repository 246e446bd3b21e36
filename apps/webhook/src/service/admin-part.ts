import { redact } from '@rawreel/text';
import { createAdminApp } from '../admin/admin-app.ts';
import { OFF, VARIABLES } from '../config/config.ts';
import { createReceiveServer } from '../http/receive-server.ts';
import { listen } from './listen.ts';
import type { Part, ServiceContext } from './part.ts';

/** Answers take milliseconds; a connection that is kept open is not waited for. */
const CLOSE_WITHIN_MS = 1000;

/** Health, metrics and the API, on an address of their own: nothing of it is where strangers send events to. */
export async function adminPart({
  jobs,
  config,
  metrics,
  secrets,
  log,
  onError,
}: ServiceContext): Promise<Part> {
  const { adminHost: host, adminPort: port, apiTokens: tokens } = config;
  if (port === OFF) return { stop: async () => undefined };
  const app = createAdminApp({
    ready: jobs.isReady,
    metrics,
    ledger: jobs.ledger,
    tokens,
    redact: (text) => redact(text, secrets),
    onError,
  });
  const server = await listen(createReceiveServer(app), { host, port, variable: VARIABLES.adminPort.name });
  const text =
    tokens.length > 0
      ? `health, metrics and API on ${server.url}`
      : `health and metrics on ${server.url} · the API is off: ${VARIABLES.apiTokens.name} is not set`;
  log({ level: 'info', text, fields: { adminUrl: server.url } });
  return { stop: () => server.close(CLOSE_WITHIN_MS) };
}
