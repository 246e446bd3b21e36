import { createHash } from 'node:crypto';
import type { Address } from '../address.ts';

/** Parts of a signature, of whomever: with a fresh one the link still names the same object. */
const ALWAYS = /^(x-amz-|x-goog-)/;
const WITH_SIGNATURE =
  /^(signature|expires|key-pair-id|policy|awsaccesskeyid|googleaccessid|hash-algorithm)$/;
const WITH_SIG =
  /^(sig|sv|ss|srt|sr|st|se|sp|spr|sip|si|sdd|saoid|suoid|scid|skoid|sktid|skt|ske|sks|skv|ses|sduoid|skdutid)$/;

/**
 * What stands for an object in names of files: a digest of endpoint, bucket and key, or of a URL without its signature
 * and its credentials.
 */
export function objectKey(address: Address, s3Endpoint: string | undefined): string {
  const identity =
    address.scheme === 's3'
      ? ['s3', s3Endpoint?.replace(/\/+$/, '') ?? '', address.bucket, address.key]
      : [address.url.protocol, address.url.host, address.url.pathname, ...unsignedQuery(address.url)];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

function unsignedQuery({ searchParams }: URL): string[] {
  const names = new Set([...searchParams.keys()].map((name) => name.toLowerCase()));
  const isSignature = (name: string) =>
    ALWAYS.test(name) ||
    (names.has('signature') && WITH_SIGNATURE.test(name)) ||
    (names.has('sig') && WITH_SIG.test(name));
  return [...searchParams]
    .filter(([name]) => !isSignature(name.toLowerCase()))
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}
