import { type FileHandle, mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ArchiveError, reasonOf } from '../../errors.ts';
import { excerpt } from '../../excerpt.ts';

/** Left free beside what is spooled: others write to this disk too. */
const RESERVE = 256 * 1024 * 1024;

/** Files of our own making for inflated dumps, in a folder of our own making. */
export class Spool {
  readonly folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws ArchiveError ERR_SPOOL_FAILED */
  static async create(parent: string): Promise<Spool> {
    try {
      await mkdir(parent, { recursive: true });
      return new Spool(await mkdtemp(join(resolve(parent), 'recording-')));
    } catch (error) {
      throw new ArchiveError(
        'ERR_SPOOL_FAILED',
        `No files can be made in ${excerpt(parent)}: ${excerpt(reasonOf(error))}`,
        { hint: 'Name another folder for temporary files.', cause: error },
      );
    }
  }

  /** @returns undefined where the disk has no room for `size` bytes, or does not let us write. */
  async begin(size: number): Promise<SpoolFile | undefined> {
    try {
      const disk = await statfs(this.folder);
      if (disk.bavail * disk.bsize < size + RESERVE) return undefined;
      this.#count += 1;
      const path = join(this.folder, `${String(this.#count).padStart(6, '0')}.rtpdump`);
      return new SpoolFile(path, await open(path, 'wx', 0o600));
    } catch {
      return undefined;
    }
  }

  /** Removes one file; what is not there is removed already. */
  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class SpoolFile {
  readonly path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @returns false where the disk refused; the file is gone then. */
  async write(chunk: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < chunk.byteLength; ) {
        const { bytesWritten } = await this.#handle.write(chunk, at);
        at += bytesWritten;
      }
      return true;
    } catch {
      await this.abandon();
      return false;
    }
  }

  async finish(): Promise<void> {
    await this.#handle.close();
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }
}
