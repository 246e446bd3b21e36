import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { discardBody } from '../http/read-body.ts';
import { refuse } from './api-error.ts';
import { needToken } from './bearer.ts';
import { MAX_REQUESTS_AT_A_TIME } from './limits.ts';
import { OPENAPI } from './openapi.ts';
import { createRecordingsRouter, type RecordingsOptions } from './recordings-router.ts';

export interface ApiOptions extends RecordingsOptions {
  /** Without any, the API says that it is off. */
  readonly tokens: readonly string[];
  /** What goes wrong while a request is answered. */
  readonly onError: (error: unknown) => void;
}

/** `/api/v1`: the description for everybody, all else for who has a token. */
export function createApiRouter({ tokens, onError, ...options }: ApiOptions): Router {
  return Router()
    .use(unread)
    .get('/openapi.json', (_request, response) => {
      response.json(OPENAPI);
    })
    .use(needToken(tokens), atATime(MAX_REQUESTS_AT_A_TIME), createRecordingsRouter(options))
    .use((_request, response) => {
      refuse(response, {
        code: 'not-found',
        message: 'There is nothing here',
        hint: 'What there is: GET /api/v1/openapi.json',
      });
    })
    .use(failed(onError));
}

/** Nothing is asked for by a body: one that is sent all the same runs into nothing, bounded. */
const unread: RequestHandler = (request, response, next) => {
  response.set('Cache-Control', 'no-store');
  discardBody(request);
  next();
};

function atATime(most: number): RequestHandler {
  let now = 0;
  return (_request, response, next) => {
    if (now >= most) {
      response.set('Retry-After', '1');
      refuse(response, { code: 'busy', message: `${most} requests are being answered at the moment` });
      return;
    }
    now += 1;
    response.once('close', () => {
      now -= 1;
    });
    next();
  };
}

const failed =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) next(error);
    // Express's own: an address with % that is none.
    else if (error instanceof URIError)
      refuse(response, { code: 'bad-request', message: 'The address cannot be decoded' });
    else {
      onError(error);
      refuse(response, {
        code: 'unavailable',
        message: 'The ledger does not answer',
        hint: 'The log of the service says why.',
      });
    }
  };
