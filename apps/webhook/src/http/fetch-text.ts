import { formatBytes } from '@rawreel/text';
import { FETCH_WITHIN_MS, MAX_FETCHED_BYTES } from './limits.ts';

/**
 * A short text from an address that was checked: no redirects, which would lead elsewhere, bounded in time and size.
 *
 * @throws where there is none
 */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  const { host } = new URL(url);
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${host} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_FETCHED_BYTES)
      throw new Error(`${host} answered with more than ${formatBytes(MAX_FETCHED_BYTES)}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
