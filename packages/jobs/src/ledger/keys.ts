import { createHash } from 'node:crypto';

/** What indexes hold in place of names, which can be longer than an index takes: a digest of all that makes one unique. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Text as PostgreSQL can keep it: no U+0000, no half of a character. Both became U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

/** A value as `jsonb` can keep it. */
export function storableJson(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner));
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is none, no recording has for an id; PostgreSQL would refuse the question. */
export const isUuid = (text: string): boolean => UUID.test(text);
