import { gunzipSync } from 'node:zlib';
import { formatBytes } from '@rawreel/text';
import { MAX_BODY_BYTES, MAX_JSON_BYTES } from './limits.ts';
import { type Refusal, refuse } from './refusal.ts';

/** RFC 1952 §2.3.1: ID1, ID2. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The bytes of the JSON, inflated once if they are gzip. Their own first bytes decide and not Content-Encoding: a proxy may have inflated
 * a body that still says gzip, and JSON never begins with 1f 8b. What is gzip again inside is no body of Stream's, but one made
 * for receivers that go on inflating.
 */
export function inflateOnce(bytes: Uint8Array): Uint8Array | Refusal {
  if (bytes.length > MAX_BODY_BYTES) {
    return refuse('body-too-large', `The body is larger than ${formatBytes(MAX_BODY_BYTES)}`);
  }
  if (!isGzip(bytes)) return bytes;
  try {
    const inflated = gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES });
    return isGzip(inflated) ? refuse('gzip-in-gzip', 'The body is gzip within gzip') : inflated;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? refuse('json-too-large', `The body inflates to more than ${formatBytes(MAX_JSON_BYTES)}`)
      : refuse('bad-gzip', 'The body begins like gzip and cannot be inflated');
  }
}
