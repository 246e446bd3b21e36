import { mergeIntoManifest } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import type { Reserve } from './disk-room.ts';

/** So often at most: a manifest of a thousand files is not written a thousand times. */
const INTERVAL_MS = 1000;

/** Brings finished files into the manifest while a run goes on, so that one that is killed has lost the unfinished only. */
export class ManifestKeeper {
  readonly #folder: string;
  readonly #workFolder: string;
  readonly #reserve: Reserve;
  #waiting: ManifestFile[] = [];
  #lastAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, workFolder: string, reserve: Reserve) {
    this.#folder = folder;
    this.#workFolder = workFolder;
    this.#reserve = reserve;
  }

  /** Never rejects: a file is made, whether or not the manifest can say so yet. */
  async add(file: ManifestFile): Promise<void> {
    this.#waiting.push(file);
    if (performance.now() - this.#lastAt >= INTERVAL_MS) await this.flush();
  }

  /** @returns why the files so far are not in the manifest, where they are not. */
  async flush(): Promise<unknown> {
    this.#lastAt = performance.now();
    const writing = this.#writing.then(() => this.#write());
    this.#writing = writing;
    return await writing;
  }

  /** The same once more, with the room that was kept for it. */
  async flushLast(): Promise<unknown> {
    const failure = await this.flush();
    if (failure === undefined) return undefined;
    this.#reserve.release();
    return await this.flush();
  }

  async #write(): Promise<unknown> {
    const files = this.#waiting;
    if (files.length === 0) return undefined;
    this.#waiting = [];
    try {
      await mergeIntoManifest(this.#folder, this.#workFolder, files);
      return undefined;
    } catch (error) {
      this.#waiting = [...files, ...this.#waiting];
      return error;
    }
  }
}
