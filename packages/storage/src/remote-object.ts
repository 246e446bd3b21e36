import type { S3Options } from './s3/options.ts';
import type { RetryEvent } from './transfer/connection.ts';
import type { RetryPolicy } from './transfer/retry.ts';

export interface RemoteObjectOptions {
  readonly s3?: S3Options | undefined;
  /** Folder of the cache; made with private permissions. */
  readonly cacheFolder: string;
  /** false: mirrored in a folder of its own below cacheFolder that goes when the object is closed. */
  readonly keep?: boolean | undefined;
  /** Ends opening, and afterwards every `ensure` and `read` that is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: TransferProgress) => void) | undefined;
  /** With no byte, or less than 8 KiB, for so long, a connection counts as broken. Default: 30,000 ms. */
  readonly stallMs?: number | undefined;
  readonly retry?: RetryPolicy | undefined;
}

export type TransferProgress =
  /** Bytes: moved over the network so far, asked for so far, of the object (0 while nobody knows). */
  | {
      readonly type: 'transfer';
      readonly transferred: number;
      readonly wanted: number;
      readonly total: number;
    }
  | RetryEvent
  /** The server sends the whole, whatever is asked for: it is downloaded. */
  | { readonly type: 'no-ranges' }
  /** Another run opens or fetches the same object: what it brings need not be brought again. */
  | { readonly type: 'waiting' };

export interface RemoteObject {
  /** `s3://bucket/key`, or scheme, host and path of a URL. */
  readonly description: string;
  readonly byteLength: number;
  /** The local file that holds what has been fetched at its own position (sparse); the rest of it is holes. */
  readonly path: string;
  /** Bytes moved over the network since it was opened. */
  readonly transferred: number;
  /**
   * Makes a range local; it can then be read from `path` by any thread or process. Ranges that are there cost nothing.
   *
   * @throws {StorageError}
   */
  ensure(position: number, length: number, signal?: AbortSignal): Promise<void>;
  /**
   * Exactly `length` bytes, fewer only where the object ends; in `into`, where it is given.
   *
   * @throws {StorageError}
   */
  read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  /** Gives up what is on its way; what has come is kept. A second close does nothing. */
  close(): Promise<void>;
}
