const FORM = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/**
 * Says what is wrong with a signing secret; undefined: nothing.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function webhookSecretProblem(secret: string): string | undefined {
  const [, encoded = ''] = FORM.exec(secret) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const isIt =
    bytes.toString('base64') === encoded && bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES;
  return isIt
    ? undefined
    : `expected whsec_ and ${LEAST_BYTES} to ${MOST_BYTES} bytes in base64: echo "whsec_$(openssl rand -base64 32)" makes one`;
}
