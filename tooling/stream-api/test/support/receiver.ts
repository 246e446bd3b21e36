import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a receiver does with a delivery: an HTTP status, a reset connection, or nothing at all. */
export type Reaction = number | 'reset' | 'silence';

export interface Receiver {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  stop(): Promise<void>;
}

/** A webhook receiver that reacts in turn as it is told, and then with 200. */
export async function startReceiver(...reactions: Reaction[]): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    deliveries.push({ headers: request.headers, body: await buffer(request) });
    const reaction = reactions.shift() ?? 200;
    if (reaction === 'reset') response.socket?.resetAndDestroy();
    else if (reaction !== 'silence') response.writeHead(reaction).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
