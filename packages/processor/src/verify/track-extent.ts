import { opusDurationTicks } from '@rawreel/rtp';
import type { FileBlock } from './walked-file.ts';

const OPUS_TICKS_PER_MS = 48;

/** A video frame's length where a track has no other: 25 frames a second. */
const USUAL_INTERVAL_MS = 40;

/** Where a track ends, as nearly as is known. */
export interface End {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** How far frames reach, told frame by frame. A last frame that does not say its length has at most the longest interval. */
export class TrackExtent {
  #lastMs: number | undefined;
  #lastDurationMs: number | undefined;
  #longestIntervalMs = USUAL_INTERVAL_MS;
  #endMs = 0;

  add(atMs: number, durationMs: number | undefined): void {
    if (this.#lastMs !== undefined)
      this.#longestIntervalMs = Math.max(this.#longestIntervalMs, atMs - this.#lastMs);
    this.#lastMs = atMs;
    this.#lastDurationMs = durationMs;
    this.#endMs = Math.max(this.#endMs, atMs + (durationMs ?? 0));
  }

  /** Undefined where there is no frame. */
  get end(): End | undefined {
    if (this.#lastMs === undefined) return undefined;
    const mostMs = this.#lastDurationMs === undefined ? this.#endMs + this.#longestIntervalMs : this.#endMs;
    return { leastMs: this.#endMs, mostMs };
  }
}

/** Time that an Opus packet decodes to (RFC 6716 §3.1); 0 for what is none. */
export const opusMs = ({ bytes }: FileBlock): number => (opusDurationTicks(bytes) ?? 0) / OPUS_TICKS_PER_MS;

/** The end of what ends last. */
export function latest(ends: readonly (End | undefined)[]): End | undefined {
  const known = ends.filter((end) => end !== undefined);
  if (known.length === 0) return undefined;
  return {
    leastMs: Math.max(...known.map(({ leastMs }) => leastMs)),
    mostMs: Math.max(...known.map(({ mostMs }) => mostMs)),
  };
}
