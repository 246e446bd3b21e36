import { closeSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs';
import type { EntryLocation } from '@rawreel/archive';
import { diskFull } from '../disk-full.ts';

/** Left free on the disk whatever is spooled: the outputs need room too. */
const RESERVE_BYTES = 256 * 2 ** 20;

/** Whether reading the entry again costs more than reading a copy: inflating is the dear part. */
export function isWorthSpooling(location: EntryLocation): boolean {
  return (
    location.container === 'tar.gz' || (location.container === 'zip' && location.compression === 'deflated')
  );
}

/** Whether the folder's disk holds a copy of so many bytes, and outputs of the same size beside it. */
export function hasRoomFor(bytes: number, folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 * bytes + RESERVE_BYTES;
}

/** A file that inflated bytes are copied to while they go by; where the disk gets full there is none, for it is only a copy. */
export class SpoolWriter implements Disposable {
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, 'wx', 0o600);
  }

  /** Whether all bytes so far are in the file. */
  get isWhole(): boolean {
    return this.#descriptor !== undefined;
  }

  write(bytes: Uint8Array): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(descriptor, bytes, written, bytes.length - written);
    } catch (error) {
      if (diskFull(error, this.#path) === undefined) throw error;
      this[Symbol.dispose]();
      rmSync(this.#path, { force: true });
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/**
 * The bytes of a spooled file; each chunk is a buffer of its own, for packets are views into it. The file is opened for
 * each: a thousand tracks that are read side by side have none open between their turns.
 */
export function* readSpool(path: string, chunkBytes: number): Generator<Uint8Array> {
  for (let position = 0; ; ) {
    const chunk = Buffer.allocUnsafeSlow(chunkBytes);
    const length = readAt(path, chunk, position);
    if (length === 0) return;
    position += length;
    yield chunk.subarray(0, length);
  }
}

function readAt(path: string, into: Uint8Array, position: number): number {
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, into, 0, into.length, position);
  } finally {
    closeSync(descriptor);
  }
}
