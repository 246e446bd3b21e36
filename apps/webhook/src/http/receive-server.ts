import { createServer, type RequestListener, type Server } from 'node:http';
import { BODY_WITHIN_MS, HEADERS_WITHIN_MS, MAX_HEADER_BYTES } from './limits.ts';

/** A server whose connections have bounds before a request is one: of headers that drip in, and of headers without end. */
export function createReceiveServer(app: RequestListener): Server {
  return createServer(
    {
      headersTimeout: HEADERS_WITHIN_MS,
      // The receiver's own time for bodies ends before, and its answer says why.
      requestTimeout: HEADERS_WITHIN_MS + 2 * BODY_WITHIN_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    app,
  );
}
