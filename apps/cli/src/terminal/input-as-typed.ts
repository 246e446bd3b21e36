import type { Input } from '../options/input.ts';
import { redactedAddress } from './redact-address.ts';
import { shellQuote } from './shell-quote.ts';

/** A recording as the words of a command that can be pasted. */
export const inputAsTyped = ({ flag, path, shown }: Input): string =>
  `${flag} ${shown === undefined ? shellQuote(redactedAddress(path)) : '-'}`;
