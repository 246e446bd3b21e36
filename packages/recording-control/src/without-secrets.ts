/** Whatever the API or a proxy repeats of a request: signed tokens, private keys. */
const SECRET_SHAPES = [
  /\beyJ[\w-]*\.[\w-]+\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** The text without the given secrets and without what looks like one. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '');
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, '…'), withoutKnown);
}
