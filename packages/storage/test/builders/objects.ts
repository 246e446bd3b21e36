import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  openRemoteObject,
  type RemoteObject,
  type RemoteObjectOptions,
  StorageError,
  type TransferProgress,
} from '../../src/index.ts';
import { type Handler, honest, type Served, startServer, type TestServer } from './server.ts';

export const MiB = 1024 * 1024;

/** Bytes that say where they are: none of their blocks equals another. */
export function bytesOf(byteLength: number, seed = 0): Buffer {
  const words = new Uint32Array(Math.ceil(byteLength / 4));
  let state = seed + 1;
  for (let at = 0; at < words.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[at] = state;
  }
  return Buffer.from(words.buffer, 0, byteLength);
}

export function served(byteLength: number, seed = 0): Served & { readonly etag: string } {
  const bytes = bytesOf(byteLength, seed);
  return { bytes, etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
}

/** For this test. */
export async function cacheFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** For this test. */
export async function serve(what: Served | Handler, scheme: 'http' | 'https' = 'https'): Promise<TestServer> {
  const server = await startServer(scheme, typeof what === 'function' ? what : honest(what));
  onTestFinished(() => server.close());
  return server;
}

/** Waits as short as it can be told. */
export const HASTY = { retry: { attempts: 3, baseMs: 1, maxMs: 2 } } as const;

export interface Opened {
  readonly object: RemoteObject;
  readonly events: TransferProgress[];
}

/** Closed with this test. */
export async function open(
  address: string,
  options: RemoteObjectOptions & { readonly events?: TransferProgress[] },
): Promise<Opened> {
  const events = options.events ?? [];
  const object = await openRemoteObject(address, {
    ...HASTY,
    ...options,
    onProgress: (event) => events.push(event),
  });
  onTestFinished(() => object.close());
  return { object, events };
}

export async function failure(promise: Promise<unknown>): Promise<StorageError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** What is left in a folder of a cache. */
export function leftIn(folder: string): Promise<string[]> {
  return readdir(folder);
}
