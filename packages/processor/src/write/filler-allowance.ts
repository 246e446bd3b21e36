/** Time in which nothing was recorded and nothing is made up, because it would be too much. */
export interface Unfilled {
  readonly gaps: number;
  readonly ms: number;
}

/** How many bytes of silence and black a file may still get. */
export class FillerAllowance {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Whether so many bytes are to be had; then they are taken. A gap gets all of it or nothing. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
