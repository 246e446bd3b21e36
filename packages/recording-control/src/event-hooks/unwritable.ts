import type { StoredHook } from './stored-hook.ts';

/** Some APIs answer so instead of a secret. Written back, it would be one. */
const MASKED = /\*{3,}|•{2,}|^x{4,}$|^[<[(]?(?:redacted|hidden|masked)[>\])]?$/i;

/**
 * What of a hook cannot be written back as it is, in words; undefined: nothing. All hooks are written at once, so a secret that was
 * read masked or empty would be lost.
 */
export function lostBy(hook: StoredHook): string | undefined {
  const masked = maskedField(hook);
  if (masked !== undefined) return `${masked} is masked`;
  for (const prefix of ['sqs', 'sns']) {
    const [auth, key, secret] = ['auth_type', 'key', 'secret'].map((name) => hook[`${prefix}_${name}`]);
    if (auth !== 'keys' && !key) continue;
    if (!key) return `${prefix}_key is empty`;
    if (!secret) return `${prefix}_secret is empty`;
  }
  const failover = hook['failover_config'] as StoredHook | null | undefined;
  if (failover?.['gcs_bucket'] && !failover['gcs_credentials'])
    return 'failover_config.gcs_credentials is empty';
  return undefined;
}

function maskedField(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return MASKED.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = maskedField(inner, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
