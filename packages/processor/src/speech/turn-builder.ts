/** Somebody has the word; ms on the clock of the packets. */
export interface Turn {
  readonly startMs: number;
  readonly endMs: number;
}

/** `loud` begins a turn; `soft` goes on with one, or leads up to it. */
export type Activity = 'loud' | 'soft' | 'quiet';

/** Pauses between words are shorter, between speakers mostly longer: the hangover, taken back where nothing follows. */
export const MERGE_MS = 300;

/** Less sound than a short word has: a click, a cough's end, a packet that refreshes comfort noise. */
export const MIN_SOUND_MS = 100;

/** A voice swells no longer than this; what was soft before that is the room. */
export const ONSET_MS = 100;

/** Makes turns of stretches that come in order; one that begins within the one before begins at its end. */
export class TurnBuilder {
  readonly #turns: Turn[] = [];
  #open: { startMs: number; endMs: number; soundMs: number } | undefined;
  /** Since when there is soft sound that may lead to a turn. */
  #swellMs: number | undefined;
  #isSounding = false;
  #reachedMs = Number.NEGATIVE_INFINITY;

  add(activity: Activity, atMs: number, durationMs: number): void {
    const startMs = Math.max(atMs, this.#reachedMs);
    const endMs = Math.max(startMs, atMs + durationMs);
    if (activity === 'quiet' || startMs - this.#reachedMs > MERGE_MS) this.#pause();
    this.#reachedMs = endMs;
    if (activity === 'quiet') return;
    if (activity === 'loud' || this.#isSounding) this.#sound(startMs, endMs);
    else this.#swellMs ??= startMs;
  }

  /** All turns, in order and apart; nothing may be added any more. */
  finish(): readonly Turn[] {
    this.#settle();
    return this.#turns;
  }

  #pause(): void {
    this.#isSounding = false;
    this.#swellMs = undefined;
  }

  #sound(startMs: number, endMs: number): void {
    const fromMs = Math.max(this.#swellMs ?? startMs, startMs - ONSET_MS);
    this.#isSounding = true;
    this.#swellMs = undefined;
    if (this.#open !== undefined && fromMs - this.#open.endMs >= MERGE_MS) this.#settle();
    this.#open ??= { startMs: fromMs, endMs: fromMs, soundMs: 0 };
    this.#open.soundMs += endMs - fromMs;
    this.#open.endMs = endMs;
  }

  #settle(): void {
    if (this.#open !== undefined && this.#open.soundMs >= MIN_SOUND_MS) {
      this.#turns.push({ startMs: this.#open.startMs, endMs: this.#open.endMs });
    }
    this.#open = undefined;
  }
}
