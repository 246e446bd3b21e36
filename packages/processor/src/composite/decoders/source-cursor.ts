import type { ReadingOptions } from '../../read/open-dump.ts';
import type { PlacedTrack } from '../../read/placed-track.ts';
import type { TimedFrame } from '../../read/timed-frame.ts';
import { TrackFrames } from '../../read/track-frames.ts';

/** A track's frames in order, each looked at before it is taken. */
export class SourceCursor {
  readonly #zeroUnixMs: number;
  readonly #batches: AsyncGenerator<readonly TimedFrame[], void>;
  #batch: readonly TimedFrame[] = [];
  #index = 0;

  constructor(placed: PlacedTrack, zeroUnixMs: number, reading: ReadingOptions) {
    this.#zeroUnixMs = zeroUnixMs;
    this.#batches = new TrackFrames(placed, reading).batches();
  }

  /** The next frame; undefined behind the last. */
  async peek(): Promise<TimedFrame | undefined> {
    for (;;) {
      const frame = this.#batch[this.#index];
      if (frame !== undefined) return frame;
      const { done, value } = await this.#batches.next();
      if (done) return undefined;
      this.#batch = value;
      this.#index = 0;
    }
  }

  take(): void {
    this.#index++;
  }

  /** Ms since the film's zero. */
  timeOf({ unixMs }: TimedFrame): number {
    return unixMs - this.#zeroUnixMs;
  }

  /** Leaves out what is before a key frame. */
  async skipTo(keyMs: number): Promise<void> {
    for (let frame = await this.peek(); frame !== undefined; frame = await this.peek()) {
      if (frame.frame.keyFrame && this.timeOf(frame) >= keyMs) return;
      this.take();
    }
  }

  async close(): Promise<void> {
    await this.#batches.return();
  }
}
