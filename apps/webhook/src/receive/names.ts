import * as v from 'valibot';
import { MAX_FILENAME_LENGTH, MAX_ID_LENGTH, MAX_URL_LENGTH } from './limits.ts';

/** NUL cannot be written into PostgreSQL's text, half a character into UTF-8, and no id of Stream's has a control character. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

const name = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(maxLength),
    v.check((text) => !UNSTORABLE.test(text), 'expected text without control characters'),
  );

export const id = name(MAX_ID_LENGTH);
export const filename = name(MAX_FILENAME_LENGTH);
export const callCid = v.pipe(id, v.regex(/^[^:]+:./, 'expected type:id'));
export const link = v.pipe(
  name(MAX_URL_LENGTH),
  v.check((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'expected an https:// address'),
);
