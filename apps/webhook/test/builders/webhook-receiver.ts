import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { serveFiles } from './service.ts';

/** 32 bytes each (invented). */
export const SECRETS = [
  `whsec_${Buffer.alloc(32, 'new').toString('base64')}`,
  `whsec_${Buffer.alloc(32, 'old').toString('base64')}`,
] as const;

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An address that webhooks are sent to, as programs of others are: what came, in order, and a wait for the next. */
export async function webhookReceiver(
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end(),
) {
  const all: Received[] = [];
  const waits: ((received: Received) => void)[] = [];
  let taken = 0;
  const listener: RequestListener = async (request, response) => {
    const received = { headers: request.headers, body: await text(request) };
    all.push(received);
    answer(response);
    waits.shift()?.(received);
  };
  const url = `${await serveFiles(listener)}/hook`;
  return {
    url,
    all,
    async next(): Promise<Received> {
      const there = all[taken++];
      return there ?? (await new Promise((resolve) => waits.push(resolve)));
    },
  };
}

/** As a receiver verifies it, with the library that it has. @throws where it is not signed with the secret */
export function verified({ headers, body }: Received, secret: string = SECRETS[0]): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
