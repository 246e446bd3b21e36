import { isAddress, withoutSecrets } from '@rawreel/storage/address';

/** What was typed, but for what gives access to an address: the signature of a link, a password. */
export function redactedAddress(text: string): string {
  if (!isAddress(text)) return text;
  const isSigned = !text.toLowerCase().startsWith('s3:') && text.includes('?');
  return `${withoutSecrets(text)}${isSigned ? '?…' : ''}`;
}
