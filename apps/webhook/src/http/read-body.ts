import type { IncomingMessage } from 'node:http';
import { formatBytes } from '@rawreel/text';
import { MAX_BODY_BYTES } from '../receive/limits.ts';
import { type Refusal, refuse } from '../receive/refusal.ts';
import type { HeldShare } from './held-bytes.ts';
import { BODY_WITHIN_MS, MAX_DISCARDED_BYTES } from './limits.ts';

/** What middleware before the receiver may have made of the body. */
type MaybeParsed = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

/**
 * The bytes of a request's body, bounded in number and time; undefined where the sender has gone. Where middleware has read them
 * before, they are taken from `rawBody` or `body` if they are there as bytes: a signature is of bytes, not of what was parsed of them.
 *
 * A body that is refused goes on arriving: whoever gave the answer lets `discardBody` take it.
 */
export async function readBody(
  request: MaybeParsed,
  held: HeldShare,
): Promise<Uint8Array | Refusal | undefined> {
  const kept = [request.rawBody, request.body].find(Buffer.isBuffer);
  if (kept !== undefined) return kept;
  if (request.readableDidRead || request.readableEnded) {
    return refuse(
      'body-consumed',
      'The body was read before it came to the receiver: mount the receiver before express.json() and the like, or have them keep it: express.json({ verify: (request, _, bytes) => { request.rawBody = bytes } })',
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge();
  return await collect(request, held);
}

function collect(request: IncomingMessage, held: HeldShare): Promise<Uint8Array | Refusal | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | Refusal | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  const late = setTimeout(
    () => end(refuse('body-too-slow', `The body did not arrive within ${BODY_WITHIN_MS / 1000} s`)),
    BODY_WITHIN_MS,
  );
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) end(tooLarge());
    else if (!held.add(chunk.length)) end(refuse('busy', 'Too much is being received at the moment'));
    else chunks.push(chunk);
  };
  const onEnd = () => end(Buffer.concat(chunks));
  const onGone = () => end(undefined);
  function end(result: Uint8Array | Refusal | undefined) {
    clearTimeout(late);
    request.off('data', onData).off('end', onEnd).off('close', onGone);
    resolve(result);
  }
  request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  return promise;
}

const tooLarge = () => refuse('body-too-large', `The body is larger than ${formatBytes(MAX_BODY_BYTES)}`);

/**
 * Lets the rest of a body that was refused run into nothing. Whoever sends it can so read the answer, which a closed connection
 * would take from them; a sender who does not end is cut off.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let length = 0;
  const late = setTimeout(() => request.destroy(), BODY_WITHIN_MS);
  request.once('close', () => clearTimeout(late));
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_DISCARDED_BYTES) request.destroy();
  });
}
