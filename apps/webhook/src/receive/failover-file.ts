import { gunzipSync } from 'node:zlib';
import { formatBytes } from '@rawreel/text';
import { type ReceivedEvent, readEvent } from './event.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { type Refusal, refuse } from './refusal.ts';
import { readMessage } from './sqs-message.ts';

/**
 * The events in a file that Stream has left in a bucket: one of them, an array, or one per line, gzipped or not. How such a file
 * looks is not documented, so each of these is taken. Nothing in it is signed: who may write there is said by the bucket. Pure.
 *
 * @param apiKey the app that the bucket was configured for
 * @returns what of each entry has become; a refusal where there is none to be found
 */
export function readFailoverFile(
  bytes: Uint8Array,
  apiKey: string,
): readonly (ReceivedEvent | Refusal)[] | Refusal {
  const text = textOf(bytes);
  if (typeof text !== 'string') return text;
  const trimmed = text.trim();
  if (trimmed === '') return refuse('not-json', 'The file is empty');
  const whole = parse(trimmed);
  if (Array.isArray(whole)) return whole.map((entry) => entryOf(JSON.stringify(entry), apiKey));
  // As it is, so that the event is the same as over HTTP; base64 of gzip is text, and no JSON.
  if (whole !== undefined) return [entryOf(trimmed, apiKey)];
  return trimmed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? entryOf(line, apiKey) : readMessage(line, apiKey)));
}

const entryOf = (json: string, apiKey: string): ReceivedEvent | Refusal =>
  readEvent(Buffer.from(json), { apiKey });

function textOf(bytes: Uint8Array): string | Refusal {
  const tooLarge = () => refuse('body-too-large', `The file is larger than ${formatBytes(MAX_FILE_BYTES)}`);
  if (bytes.length > MAX_FILE_BYTES) return tooLarge();
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const inflated = isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES }) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(inflated);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    return code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? refuse('not-json', 'The file is no text in UTF-8')
      : refuse('bad-gzip', 'The file begins like gzip and cannot be inflated');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
