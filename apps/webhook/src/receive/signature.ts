import { createHmac, timingSafeEqual } from 'node:crypto';

/** X-SIGNATURE: HMAC-SHA256 as lower-case hex. Upper case is refused, as Stream's SDK does. */
export const isSignature = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export const signatureOf = (secret: string, bytes: Uint8Array): string =>
  createHmac('sha256', secret).update(bytes).digest('hex');

/**
 * Whether one of the secrets signed the bytes. Two lines of node's own rather than the SDK's `verifyWebhook`, which are the same two: its
 * method needs a client per secret, and Stream's SDK has its one door in packages/recording-control. Tests hold them against it.
 */
export function isSignedBy(secrets: readonly string[], bytes: Uint8Array, signature: string): boolean {
  const given = Buffer.from(signature, 'hex');
  return secrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), given),
  );
}
