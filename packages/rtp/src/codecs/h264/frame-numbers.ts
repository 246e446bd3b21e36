import type { SliceHeader } from './slice-header.ts';

/**
 * Follows frame_num, which counts reference pictures (ITU-T H.264 §7.4.3): each picture carries one more than the
 * reference picture before it. So it tells after loss whether only pictures without dependents are gone.
 */
export class FrameNumbers {
  /** Nothing can be decoded until the next key frame: at the start, and once a reference picture is missing. */
  #waiting = true;
  #previousReference = 0;
  #previous = 0;
  /** Packets lost since the last picture that was looked at and of which nothing else is known. */
  #unaccounted = 0;

  lostBetweenFrames(packets: number): void {
    this.#unaccounted += packets;
  }

  keyFrame({ frameNum }: SliceHeader): void {
    this.#waiting = false;
    this.#previousReference = frameNum;
    this.#previous = frameNum;
    this.#unaccounted = 0;
  }

  /** A picture is not given out. One whose slices all are lost counts as lost packets. */
  missed(reference: boolean | undefined): void {
    if (reference === true) this.#waiting = true;
    if (reference === undefined) this.#unaccounted += 1;
  }

  /** Whether all pictures that this one may refer to were given out; takes note of the answer. */
  admit(slice: SliceHeader): boolean {
    if (!this.#waiting && !this.#follows(slice)) this.#waiting = true;
    if (this.#waiting) return false;
    this.#previous = slice.frameNum;
    if (slice.reference) this.#previousReference = slice.frameNum;
    this.#unaccounted = 0;
    return true;
  }

  #follows({ frameNum, sequence }: SliceHeader): boolean {
    const count = 2 ** sequence.frameNumBits;
    const expected = frameNum === (this.#previousReference + 1) % count;
    if (this.#unaccounted > 0) return expected && this.#provesNothingLost(frameNum, count);
    if (expected || sequence.frameNumGapsAllowed) return true;
    // Without loss a second field repeats the number, and some encoders count every picture.
    return frameNum === this.#previousReference || frameNum === (this.#previous + 1) % count;
  }
  /**
   * The number may be the expected one by chance: as many reference pictures are lost as the counter holds, or an IDR
   * picture is among the lost ones and counting began anew. Each of them took a packet at least.
   */
  #provesNothingLost(frameNum: number, count: number): boolean {
    return this.#unaccounted < count && (frameNum > this.#unaccounted || frameNum === 0);
  }
}
