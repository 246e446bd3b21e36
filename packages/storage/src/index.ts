export { type Address, describeAddress, isAddress, parseAddress } from './address.ts';
export { type CachedObject, clearCache, evictCache, listCache } from './cache.ts';
export { downloadFile } from './download.ts';
export { StorageError, type StorageErrorCode } from './errors.ts';
export { type ListedObject, type ListOptions, listObjects } from './list.ts';
export {
  openRemoteObject,
  type RemoteObject,
  type RemoteObjectOptions,
  type TransferProgress,
} from './remote-object.ts';
export type { S3Options } from './s3/options.ts';
export { type SignedLinkOptions, signedLinks } from './signed-links.ts';
export { downloadSmall, removeObject } from './small-objects.ts';
export { type UploadOptions, uploadFile } from './upload.ts';
