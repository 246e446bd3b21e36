const MASK = '…';
/** Taking out a shorter one would take words apart, and so tell it. Stream's secrets have 64 characters. */
const LEAST_LENGTH = 8;
/** What looks like a secret, whosever it is: signed tokens (JWT), private keys (PEM). */
const SECRET_SHAPES = [
  /\beyJ[\w-]*\.[\w-]+\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** The text without these secrets, without tokens and private keys, and its URLs without passwords and queries, which may be signatures. */
export function redact(text: string, secrets: readonly string[]): string {
  const withoutKnown = secrets
    .filter(({ length }) => length >= LEAST_LENGTH)
    .reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, MASK), withoutKnown)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, `$1${MASK}@`)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#]*)[?#]\S*/gi, `$1?${MASK}`);
}
