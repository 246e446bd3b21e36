import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf } from '../source/file-source.ts';

/**
 * A folder held open, so that what is listed in it is in it: its path may lead elsewhere a moment later, when somebody
 * exchanges a folder on the way for a link.
 *
 * Linux names what lies in an open folder (`/proc/self/fd`, proc(5)). Elsewhere the path is used, and `isStillThere`
 * tells afterwards whether it was the folder's all the time.
 */
export class HeldFolder {
  /** A path of it, for this process and as long as it is held. */
  readonly place: string;
  readonly #handle: FileHandle | undefined;
  readonly #identity: string;
  readonly #path: string;

  private constructor(path: string, place: string, identity: string, handle: FileHandle | undefined) {
    this.#path = path;
    this.place = place;
    this.#identity = identity;
    this.#handle = handle;
  }

  /** @param path whose last part is followed if it is a link: whoever opens a recording may name it by one. */
  static async openRoot(path: string): Promise<HeldFolder> {
    return await HeldFolder.#open(path, 0);
  }

  /** @throws the system's error where it is no folder, or a link to one. */
  async openChild(name: string): Promise<HeldFolder> {
    return await HeldFolder.#open(join(this.place, name), constants.O_NOFOLLOW ?? 0);
  }

  static async #open(path: string, flags: number): Promise<HeldFolder> {
    // Windows opens no folders.
    if (constants.O_DIRECTORY === undefined) {
      return new HeldFolder(path, path, identityOf(await lstat(path, { bigint: true })), undefined);
    }
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
    try {
      const identity = identityOf(await handle.stat({ bigint: true }));
      const place = `/proc/self/fd/${handle.fd}`;
      const isNamed = await stat(place, { bigint: true }).then(
        (stats) => identityOf(stats) === identity,
        () => false,
      );
      return new HeldFolder(path, isNamed ? place : path, identity, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  look(name: string): Promise<BigIntStats> {
    return lstat(join(this.place, name), { bigint: true });
  }

  /** Whether what was listed until now was in the folder. */
  async isStillThere(): Promise<boolean> {
    if (this.place !== this.#path) return true;
    return identityOf(await stat(this.#path, { bigint: true })) === this.#identity;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
