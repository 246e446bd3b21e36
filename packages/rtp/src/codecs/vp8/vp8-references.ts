import type { Vp8Descriptor } from './vp8-descriptor.ts';

const BASE_LAYER = 0b0001;
const UPPER_LAYERS = 0b1110;

/**
 * Knows which temporal layers have lost a frame that later ones may refer to.
 *
 * Without temporal layers every frame counts as base layer, and a lost one breaks all until the next key frame. With
 * them a frame refers to its own layer and those below (RFC 7741 §4.2, TID and Y), so a broken upper layer leaves the
 * ones below whole until a frame with Y joins it again. What the sender declares as not referred to breaks nothing.
 */
export class Vp8References {
  /** One bit per temporal layer. A stream begins broken: nothing before its first key frame can be decoded. */
  #broken = BASE_LAYER;
  #pictureId = -1;
  #pictureIdMask = 0;
  #tl0PicIdx = -1;
  /** Packets lost or senseless since the last frame whose descriptor is known: there may have been frames in them. */
  #unaccounted = 0;

  /** Packets lost between two frames; within one they belong to it alone. */
  lostBetweenFrames(packets: number): void {
    this.#unaccounted += packets;
  }

  /** The first packet received of a frame: tells whether frames before it are missing. */
  frameBegins(descriptor: Vp8Descriptor): void {
    if (this.#unaccounted > 0) this.#broken |= this.#brokenByGap(descriptor);
    this.#unaccounted = 0;
    this.#pictureId = descriptor.pictureId;
    this.#pictureIdMask = descriptor.pictureIdMask;
    this.#tl0PicIdx = descriptor.tl0PicIdx;
  }

  keyFrame(): void {
    this.#broken = 0;
  }

  /** Whether all that an inter frame may refer to was given out; takes note of the answer. */
  admit(temporalId: number, layerSync: boolean, nonReference: boolean): boolean {
    const upper = temporalId > 0;
    const needed =
      layerSync && upper ? BASE_LAYER : temporalId < 0 ? BASE_LAYER | UPPER_LAYERS : layersUpTo(temporalId);
    if ((this.#broken & needed) !== 0) {
      this.missed(temporalId, nonReference);
      return false;
    }
    if (layerSync && upper) this.#broken &= ~(1 << temporalId);
    return true;
  }

  /** A frame known to exist is not given out. */
  missed(temporalId: number, nonReference: boolean): void {
    if (!nonReference) this.#broken |= 1 << Math.max(0, temporalId);
  }

  /** Layers that may miss a frame after loss between two frames: none where the ids prove that only padding is gone. */
  #brokenByGap(next: Vp8Descriptor): number {
    const lost = this.#unaccounted;
    if (this.#pictureId >= 0 && next.pictureId >= 0 && this.#pictureIdMask === next.pictureIdMask) {
      const missing = ((next.pictureId - this.#pictureId) & next.pictureIdMask) - 1;
      // Ids that moved on further than packets were lost have been reset: they prove nothing.
      if (missing < 0 || missing > lost || lost >= next.pictureIdMask) return BASE_LAYER;
      if (missing === 0) return 0;
    }
    if (this.#tl0PicIdx < 0 || next.tl0PicIdx < 0 || lost >= 255) return BASE_LAYER;
    const expected = next.temporalId === 0 ? (this.#tl0PicIdx + 1) & 0xff : this.#tl0PicIdx;
    return next.tl0PicIdx === expected ? UPPER_LAYERS : BASE_LAYER;
  }
}

function layersUpTo(temporalId: number): number {
  return (1 << (temporalId + 1)) - 1;
}
