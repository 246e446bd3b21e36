import { printable } from '@rawreel/text';

const SECRET = '…';
/** Stream's have 64. Taking out a shorter one would take words apart, and so tell it. */
const LEAST_LENGTH = 8;

/** Text for a log: on one line, and without what is secret. */
export const harmless = (text: string, secrets: readonly string[]): string =>
  printable(withoutSecrets(text, secrets));

/** Text without the secrets, and of addresses without passwords and queries, which are signatures. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter(({ length }) => length >= LEAST_LENGTH)
    .reduce((shown, secret) => shown.replaceAll(secret, SECRET), text);
  return known
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, `$1${SECRET}@`)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#]*)[?#]\S*/gi, `$1?${SECRET}`);
}
