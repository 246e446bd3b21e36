import { createHmac, timingSafeEqual } from 'node:crypto';

const KEY_PAIR_ID = 'RAWREEL';

/**
 * A URL that says until when it holds and proves that the stand-in made it, with the parameters that URLs of Stream's recordings
 * have been seen with: those of a CloudFront URL with a canned policy.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
 */
export function signedUrl(url: string, expiresAt: number, secret: string): string {
  const expires = String(Math.floor(expiresAt / 1000));
  const query = new URLSearchParams({
    Expires: expires,
    Signature: signatureOf(new URL(url).pathname, expires, secret),
    'Key-Pair-Id': KEY_PAIR_ID,
  });
  return `${url}?${query}`;
}

/** Whether a URL still opens its file: not expired, not altered. */
export function isGranted({ pathname, searchParams }: URL, now: number, secret: string): boolean {
  const expires = searchParams.get('Expires') ?? '';
  const expected = Buffer.from(signatureOf(pathname, expires, secret));
  const given = Buffer.from(searchParams.get('Signature') ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  return now < Number(expires) * 1000;
}

const signatureOf = (path: string, expires: string, secret: string) =>
  createHmac('sha256', secret).update(`GET ${path} ${expires}`).digest('base64url');
