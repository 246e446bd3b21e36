import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../errors.ts';

/** Above what any request of the SDK is. */
const MOST_BYTES = 1024 * 1024;

/** @throws ApiError of code 22 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MOST_BYTES) throw new ApiError('payloadTooBig', 'Payload too big');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** @throws ApiError of code 4 for what is no JSON object */
export function parseBody(operation: string, request: IncomingMessage, text: string): unknown {
  const refuse = (reason: string) => new ApiError('input', `${operation} failed with error: "${reason}"`);
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') throw refuse(`content-type ${type ?? 'none'} is not application/json`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(`the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
