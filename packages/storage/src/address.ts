import { printable } from '@rawreel/text';
import { StorageError } from './errors.ts';

export type Address =
  | { readonly scheme: 's3'; readonly bucket: string; readonly key: string }
  | { readonly scheme: 'https' | 'http'; readonly url: URL };

/** Two letters at least: `C://` is a drive of Windows. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

const AZURE = new Set(['az', 'azure', 'abfs', 'abfss', 'wasb', 'wasbs']);

/** Whether the text has a scheme (`s3://`, `https://`, also ones that are not read), and so is no path of a file. */
export function isAddress(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * `s3://bucket/key`, the key as it is (nothing in it is percent-encoded), or a URL.
 *
 * @throws {StorageError} ERR_ADDRESS
 */
export function parseAddress(text: string): Address {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === 's3') return parseS3(text);
  if (scheme === 'https' || scheme === 'http') {
    const url = URL.parse(text);
    if (url === null) {
      throw refused(text, 'is not a URL', 'Quote it in the shell: links hold characters such as & and ?.');
    }
    return { scheme, url };
  }
  if (scheme === 'gs') {
    throw refused(
      text,
      'is not read directly',
      'Give a signed https:// URL of the object: gcloud storage sign-url.',
    );
  }
  if (scheme !== undefined && AZURE.has(scheme)) {
    throw refused(
      text,
      'is not read directly',
      'Give the https:// URL of the blob with a SAS token: az storage blob generate-sas --full-uri.',
    );
  }
  throw refused(text, 'is no address of an object', 'Addresses are s3://bucket/key and https:// URLs.');
}

/** For people and manifests: `s3://bucket/key`, or scheme, host and path of a URL; nothing of it is secret. */
export function describeAddress(address: Address): string {
  if (address.scheme === 's3') return printable(`s3://${address.bucket}/${address.key}`);
  return `${address.url.protocol}//${address.url.host}${address.url.pathname}`;
}

function parseS3(text: string): Address {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(text) ?? [];
  if (bucket === '') throw refused(text, 'names no bucket', 'Write s3://bucket/key.');
  if (key === '') throw refused(text, 'names a bucket, but no object in it', 'Write s3://bucket/key.');
  return { scheme: 's3', bucket, key };
}

function refused(text: string, what: string, hint: string): StorageError {
  return new StorageError('ERR_ADDRESS', `${withoutSecrets(text)} ${what}`, { hint });
}

/** Any text for people to see: what cannot be parsed can still hold a signature or a password. */
export function withoutSecrets(text: string): string {
  const shown = /^s3:/i.test(text) ? text : text.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
  return printable(shown);
}
