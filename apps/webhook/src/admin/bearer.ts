import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { refuse } from './api-error.ts';

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets requests with one of the tokens pass. What is compared is digests, each of them whole and with every token, so that the time it
 * takes says nothing of how much of a token was right.
 */
export function needToken(tokens: readonly string[]): RequestHandler {
  const digests = tokens.map(digestOf);
  return (request, response, next) => {
    if (digests.length === 0) {
      refuse(response, {
        code: 'no-token-configured',
        message: 'The API is off: no token is configured',
        hint: 'Set RAWREEL_API_TOKEN (or "apiTokens" in the file) of the service to 16 characters or more, and start it again.',
      });
      return;
    }
    const [, given = ''] = /^Bearer +([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const digest = digestOf(given);
    const isRight = digests.reduce((found, each) => timingSafeEqual(each, digest) || found, false);
    if (isRight) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer');
    refuse(response, {
      code: 'wrong-token',
      message: given === '' ? 'A token is needed' : 'The token is not one of this service',
      hint: 'Send "Authorization: Bearer" with the token that the service has as RAWREEL_API_TOKEN.',
    });
  };
}
