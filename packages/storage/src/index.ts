export { StorageError, type StorageErrorCode } from './errors.ts';
export type { S3Options } from './s3/client.ts';
