/** What was told, in order, and a wait for the first that fits: of what was told already, or of what comes. */
export class Told<T> {
  readonly all: T[] = [];
  readonly #waits: { readonly fits: (item: T) => boolean; readonly resolve: (item: T) => void }[] = [];

  readonly tell = (item: T): void => {
    this.all.push(item);
    for (const wait of this.#waits) if (wait.fits(item)) wait.resolve(item);
  };

  next(fits: (item: T) => boolean): Promise<T> {
    const there = this.all.find(fits);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve) => this.#waits.push({ fits, resolve }));
  }

  /** Resolves once so many were told that fit. */
  async count(wanted: number, fits: (item: T) => boolean): Promise<void> {
    let found = this.all.filter(fits).length;
    if (found >= wanted) return;
    await new Promise<void>((resolve) => {
      this.#waits.push({
        fits,
        resolve: () => {
          if (++found === wanted) resolve();
        },
      });
    });
  }
}
