import { describeAddress, parseAddress } from '../address.ts';
import { StorageError } from '../errors.ts';

/** An object that is written, read whole or removed. */
export interface ObjectTarget {
  readonly bucket: string;
  readonly key: string;
  /** For people. */
  readonly text: string;
}

/** @throws {StorageError} ERR_ADDRESS */
export function parseTarget(address: string): ObjectTarget {
  const target = parseAddress(address);
  const text = describeAddress(target);
  if (target.scheme === 's3') return { bucket: target.bucket, key: target.key, text };
  throw new StorageError('ERR_ADDRESS', `${text} cannot be written to`, { hint: 'Give s3://bucket/key.' });
}
