export { type Address, describeAddress, isAddress, parseAddress } from './address.ts';
export { StorageError, type StorageErrorCode } from './errors.ts';
export type { S3Options } from './s3/client.ts';
export { downloadSmall, type UploadOptions, uploadFile } from './upload.ts';
