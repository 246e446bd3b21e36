import type { SourceFrame } from './expectation.ts';

/** So many frames are in view even where they lie far apart, as sources need not be in order to the millisecond. */
const LEAST_FRAMES = 64;

export interface WindowFrame {
  readonly frame: SourceFrame;
  /** Where it must stand: its time, but not before the file's zero; and video later where times should grow and do not. */
  readonly placeMs: number;
}

/** The frames of a source around one moment, read as the moment moves on. */
export class SourceWindow {
  readonly #batches: AsyncIterator<readonly SourceFrame[]>;
  readonly #mustGrow: boolean;
  #frames: WindowFrame[] = [];
  #from = 0;
  #lastPlaceMs = -1;
  #isEnded = false;

  constructor(frames: AsyncIterable<readonly SourceFrame[]>, kind: 'audio' | 'video') {
    this.#batches = frames[Symbol.asyncIterator]();
    this.#mustGrow = kind === 'video';
  }

  get length(): number {
    return this.#frames.length - this.#from;
  }

  at(index: number): WindowFrame | undefined {
    return this.#frames[this.#from + index];
  }

  /** Whether frames up to `untilMs` may be still to be read. */
  lacks(untilMs: number): boolean {
    return !this.#isEnded && (this.length < LEAST_FRAMES || this.#lastPlaceMs <= untilMs);
  }

  async fill(untilMs: number): Promise<void> {
    while (this.lacks(untilMs)) {
      const { done, value } = await this.#batches.next();
      if (done) this.#isEnded = true;
      else for (const frame of value) this.#add(frame);
    }
  }

  /** Takes frames off the front. */
  drop(count: number): void {
    this.#from += count;
    // Moved down once for as many frames as are moved, so that each costs a constant.
    if (this.#from < this.#frames.length / 2) return;
    this.#frames = this.#frames.slice(this.#from);
    this.#from = 0;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }

  #add(frame: SourceFrame): void {
    const mustGrow = this.#mustGrow && !frame.shownEarlier;
    const placeMs = Math.max(frame.atMs, mustGrow ? this.#lastPlaceMs + 1 : 0);
    this.#lastPlaceMs = Math.max(this.#lastPlaceMs, placeMs);
    this.#frames.push({ frame, placeMs });
  }
}
