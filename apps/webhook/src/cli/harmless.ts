import { printable } from '@rawreel/text';

const SECRET = '…';

/** Text for a log: on one line, without the secrets, and of addresses without passwords and queries, which are signatures. */
export function harmless(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((shown, secret) => shown.replaceAll(secret, SECRET), text);
  const shown = known
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, `$1${SECRET}@`)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#]*)[?#]\S*/gi, `$1?${SECRET}`);
  return printable(shown);
}
