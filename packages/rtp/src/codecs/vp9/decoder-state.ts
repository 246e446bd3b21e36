import { keyOf, type LayerReferences, Vp9LayerReferences } from './layer-references.ts';
import type { ColorFormat, FrameSize, Vp9FrameHeader } from './uncompressed-header.ts';

const SLOTS = 8;
const RESET_ALL_CONTEXTS = 3;
const DEFAULT_FORMAT: ColorFormat = { bitDepth: 8, chroma: '4:2:0' };

interface Slot {
  /** A decoder of our output holds here what the sender's own decoder holds. */
  readonly intact: boolean;
  /** The layer frame it holds, as `keyOf` numbers it. */
  readonly key: number;
  readonly size: FrameSize;
}

/**
 * What a decoder of the emitted frames holds, compared with the decoder the sender had in mind: which of its reference
 * slots are the same, and whether its entropy contexts, segmentation map and motion vectors are. A frame is admitted
 * only if it is proven to decode as it was meant to:
 *
 * - a key frame always;
 * - another one if all slots that it names are intact, or if the payload descriptor names its references and they all
 *   were decoded (a slot that it names and does not predict from may then hold anything: nothing that was left out can
 *   have taken the place of a frame that is still referred to);
 * - and if it is error resilient, or nothing was left out since the last frame that reset the contexts: these adapt
 *   from frame to frame, whether the frames are references or not (VP9 bitstream specification §6.2, §8.4.2).
 */
export class Vp9DecoderState {
  readonly references = new Vp9LayerReferences();
  #slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);
  #contextsIntact = false;
  #format = DEFAULT_FORMAT;
  /** Set by the first decoded key frame. */
  started = false;

  readonly slotSize = (slot: number): FrameSize | undefined => this.#slots[slot]?.size;

  get format(): ColorFormat {
    return this.#format;
  }

  /** Tries the next frame: true, and it counts as decoded, if it decodes as its sender meant it. */
  admit(header: Vp9FrameHeader, layer: LayerReferences): boolean {
    if (!this.#decodes(header, layer)) return false;
    this.#decode(header, layer);
    return true;
  }

  /** A frame is missing of which the header is known: the slots it would have filled are stale now. */
  leftOut(header: Vp9FrameHeader): void {
    this.#contextsIntact = false;
    this.#slots = this.#slots.map((slot, index) =>
      slot !== undefined && ((header.refreshFlags >> index) & 1) === 1 ? { ...slot, intact: false } : slot,
    );
  }

  /** Something may be missing of which nothing is known: any slot may be stale. */
  unknownLeftOut(): void {
    this.#contextsIntact = false;
    this.#slots = this.#slots.map((slot) => (slot === undefined ? slot : { ...slot, intact: false }));
  }

  /** What was admitted since decoding had `started` or not is not given out after all: nothing may build on it. */
  takeBack(started: boolean): void {
    this.started = started;
    this.unknownLeftOut();
    this.references.forgetPictures();
  }

  #decodes(header: Vp9FrameHeader, layer: LayerReferences): boolean {
    if (header.size === undefined) return false;
    if (header.keyFrame) return true;
    if (!this.started) return false;
    if (header.showExistingSlot === undefined && !this.#contextsIntact && !resetsContexts(header))
      return false;
    if (header.intraOnly) return true;
    const { sizeFromSlot } = header;
    if (sizeFromSlot !== undefined && !this.#isSizeKnown(sizeFromSlot, layer)) return false;
    if (header.referenceSlots.every((slot) => this.#slots[slot]?.intact === true)) return true;
    return header.showExistingSlot === undefined && this.references.allDecoded(layer);
  }

  #isSizeKnown(index: number, layer: LayerReferences): boolean {
    const slot = this.#slots[index];
    return slot !== undefined && (slot.intact || layer.sources?.includes(slot.key) === true);
  }

  #decode(header: Vp9FrameHeader, layer: LayerReferences): void {
    if (header.keyFrame) {
      this.started = true;
      this.references.forgetPictures();
    }
    if (resetsContexts(header)) this.#contextsIntact = true;
    if (header.format !== undefined) this.#format = header.format;
    if (header.refreshFlags === 0 || header.size === undefined) return;
    const filled: Slot = { intact: true, key: keyOf(layer.picture, layer.layer), size: header.size };
    for (let slot = 0; slot < SLOTS; slot += 1) {
      if (((header.refreshFlags >> slot) & 1) === 1) this.#slots[slot] = filled;
    }
  }
}

/** After such a frame nothing but the reference slots remains of the frames before it. */
export function resetsContexts(header: Vp9FrameHeader): boolean {
  if (header.keyFrame || header.errorResilient) return true;
  return header.intraOnly && header.resetFrameContext === RESET_ALL_CONTEXTS;
}
