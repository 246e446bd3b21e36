import { UsageError } from '../failure/errors.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import { shellQuote } from '../terminal/shell-quote.ts';

/** Words that Stream's command line has before the same commands. */
const BEFORE = new Set(['stream', 'stream-cli', 'getstream', 'video', 'raw-recording']);

/**
 * The error for a line as users of Stream's command line type it, with the line as it is here.
 *
 * @param leading options before the first word
 */
export function wordsOfStreamCli(
  leading: readonly string[],
  words: readonly string[],
): UsageError | undefined {
  const end = words.findIndex((word) => !BEFORE.has(word));
  const extra = end < 0 ? words : words.slice(0, end);
  if (!extra.includes('video') && !extra.includes('raw-recording')) return undefined;
  const line = [...leading, ...words.slice(extra.length)].map((word) => shellQuote(redactedAddress(word)));
  return new UsageError(`leave out "${extra.join(' ')}": the commands follow rawreel directly`, [
    `Run: ${['rawreel', ...line].join(' ')}`,
  ]);
}
