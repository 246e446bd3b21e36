import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** Small enough to stay in a processor's own cache between the read and the hash. */
const READ_BYTES = 256 * 1024;

/** Of a whole file, in hexadecimal. */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}
