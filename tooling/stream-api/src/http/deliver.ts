import type { ServerResponse } from 'node:http';
import type { Api } from '../endpoints/endpoint.ts';
import { errorBody } from '../errors.ts';
import { type Answer, tooManyRequests } from './answer.ts';
import type { Fault } from './faults.ts';
import { rateLimitHeaders } from './rate-limit.ts';

const BAD_GATEWAY =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * Sends the answer, or lets go wrong what shall.
 *
 * @param work carries out what was asked for
 * @returns the status that was sent; none where nothing was
 */
export async function deliver(
  api: Api,
  response: ServerResponse,
  fault: Fault | undefined,
  work: () => Answer,
): Promise<number | undefined> {
  if (fault === undefined) return sendJson(response, work());
  switch (fault.kind) {
    case 'timeout':
      work();
      return undefined;
    case 'latency': {
      const answer = work();
      await new Promise<void>((resolve) => api.clock.after(fault.ms, resolve));
      return sendJson(response, answer);
    }
    case 'rateLimited': {
      const error = tooManyRequests();
      const headers = rateLimitHeaders(0, 0, api.clock.now() + fault.resetAfterMs);
      return sendJson(response, { status: error.status, headers, body: errorBody(error) });
    }
    case 'badGateway':
      if (fault.effect === 'done') work();
      response.writeHead(502, { 'content-type': 'text/html' }).end(BAD_GATEWAY);
      return 502;
    case 'otherAnswer':
      response.writeHead(fault.status).end(fault.body);
      return fault.status;
    case 'reset':
      if (fault.effect === 'done') work();
      response.socket?.resetAndDestroy();
      return undefined;
    case 'recordingFails':
      return sendJson(response, api.recorder.dooming(work));
    default:
      throw new Error(`no such fault: ${fault satisfies never}`);
  }
}

function sendJson(response: ServerResponse, { status, headers, body }: Answer): number {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return status;
}
