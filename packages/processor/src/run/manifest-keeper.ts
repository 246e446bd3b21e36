import { type ManifestFile, mergeIntoManifest } from '../report/manifest.ts';

/** So often at most: a manifest of a thousand files is not written a thousand times. */
const INTERVAL_MS = 1000;

/** Brings finished files into the manifest while a run goes on, so that one that is killed has lost the unfinished only. */
export class ManifestKeeper {
  readonly #folder: string;
  readonly #workFolder: string;
  #waiting: ManifestFile[] = [];
  #lastAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, workFolder: string) {
    this.#folder = folder;
    this.#workFolder = workFolder;
  }

  async add(file: ManifestFile): Promise<void> {
    this.#waiting.push(file);
    if (performance.now() - this.#lastAt >= INTERVAL_MS) await this.flush();
  }

  /** Settles when all files so far are in the manifest. */
  async flush(): Promise<void> {
    this.#lastAt = performance.now();
    this.#writing = this.#writing.then(async () => {
      const files = this.#waiting;
      this.#waiting = [];
      if (files.length > 0) await mergeIntoManifest(this.#folder, this.#workFolder, files);
    });
    await this.#writing;
  }
}
