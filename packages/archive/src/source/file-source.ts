import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ArchiveError, reasonOf } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { ByteSource } from './byte-source.ts';

/** What a file is, whatever its path is or leads to. */
export const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/**
 * @param identity of the file that must be at the path, where it may have been exchanged since it was listed: the file
 * itself, or a folder on the way to it, for a link that leads elsewhere.
 * @throws ArchiveError ERR_INPUT_NOT_FOUND, ERR_INPUT_UNREADABLE
 */
export async function openFileSource(
  path: string,
  options: {
    readonly followLink?: boolean | undefined;
    readonly description?: string | undefined;
    readonly identity?: string | undefined;
  } = {},
): Promise<ByteSource> {
  const noFollow = options.followLink === false ? (constants.O_NOFOLLOW ?? 0) : 0;
  // Opening a pipe would wait until somebody writes into it.
  const flags = constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0);
  const description = options.description ?? path;
  try {
    const handle = await open(path, flags);
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw new Error('it is no file');
      if (options.identity !== undefined && identityOf(stats) !== options.identity) {
        throw new Error('another file has taken its place since the folder was listed');
      }
      return new FileSource(handle, Number(stats.size), description);
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw inputError(description, error);
  }
}

export function inputError(path: string, error: unknown): ArchiveError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ArchiveError('ERR_INPUT_NOT_FOUND', `${excerpt(path)} does not exist`, {
      hint: 'Check the path; relative ones start at the current folder.',
      cause: error,
    });
  }
  const hint =
    code === 'EACCES' || code === 'EPERM'
      ? 'This user may not read it: change its permissions or run as its owner.'
      : '';
  return new ArchiveError(
    'ERR_INPUT_UNREADABLE',
    `${excerpt(path)} cannot be read: ${excerpt(reasonOf(error))}`,
    { hint, cause: error },
  );
}

class FileSource implements ByteSource {
  readonly description: string;
  readonly byteLength: number;
  readonly #handle: FileHandle;
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, byteLength: number, description: string) {
    this.#handle = handle;
    this.byteLength = byteLength;
    this.description = description;
  }

  async read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.byteLength - position));
    // Not from the pool, nor cleared: consumers keep views of it, and only the part that was read is handed out.
    const bytes = into?.subarray(0, wanted) ?? Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    try {
      while (filled < wanted) {
        const { bytesRead } = await this.#handle.read(bytes, filled, wanted - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw inputError(this.description, error);
    }
    return filled === wanted ? bytes : bytes.subarray(0, filled);
  }

  close(): Promise<void> {
    this.#closing ??= this.#handle.close();
    return this.#closing;
  }
}
