import type { PictureGroup, Vp9PayloadDescriptor } from './payload-descriptor.ts';

/** Distances in picture ids reach 255 back (a P_DIFF of the scalability structure has 8 bits). */
const REMEMBERED = 256;

/** What the payload descriptor of one layer frame says it predicts from. */
export interface LayerReferences {
  readonly picture: number;
  readonly layer: number;
  /** Keys of the layer frames it predicts from; undefined where the descriptor does not tell. */
  readonly sources: readonly number[] | undefined;
}

/**
 * The descriptor's account of who needs whom: picture ids unwrapped, the pictures that were decoded remembered, and the
 * references of each layer frame named, in flexible mode by its own P_DIFFs, else by its place in the picture group
 * (RFC 9628 §4.2.1). Inter-picture references stay in their own spatial layer; D adds the layer below.
 */
export class Vp9LayerReferences {
  readonly #pictures = new Float64Array(REMEMBERED).fill(-1);
  readonly #layers = new Uint8Array(REMEMBERED);
  #group: PictureGroup | undefined;
  #groupStart = 0;
  /** Far from 0, so that ids running backwards stay positive. */
  #last = 2 ** 40;

  /** The picture id without its wrap-around; a picture without one gets the next number. */
  unwrap(descriptor: Vp9PayloadDescriptor, newPicture: boolean): number {
    if (descriptor.pictureIdBits === 0) {
      if (newPicture) this.#last += 1;
      return this.#last;
    }
    const cycle = 2 ** descriptor.pictureIdBits;
    let distance = (descriptor.pictureId - (this.#last % cycle) + cycle) % cycle;
    if (distance >= cycle / 2) distance -= cycle;
    this.#last += distance;
    return this.#last;
  }

  describe(descriptor: Vp9PayloadDescriptor, picture: number): LayerReferences {
    const { spatialId: layer, pictureGroup } = descriptor;
    if (pictureGroup !== undefined) {
      this.#group = pictureGroup;
      this.#groupStart = picture;
    }
    const distances = this.#distances(descriptor, picture);
    if (distances === undefined) return { picture, layer, sources: undefined };
    const sources = distances.map((distance) => keyOf(picture - distance, layer));
    if (descriptor.interLayerPredicted && layer > 0) sources.push(keyOf(picture, layer - 1));
    return { picture, layer, sources };
  }

  /** True where everything the descriptor names was decoded, and it names something. */
  allDecoded({ sources }: LayerReferences): boolean {
    if (sources === undefined || sources.length === 0) return false;
    return sources.every((key) => {
      const picture = Math.floor(key / 8);
      const slot = picture % REMEMBERED;
      return this.#pictures[slot] === picture && (((this.#layers[slot] ?? 0) >> (key % 8)) & 1) === 1;
    });
  }

  decoded(picture: number, layer: number): void {
    const slot = picture % REMEMBERED;
    if (this.#pictures[slot] !== picture) {
      this.#pictures[slot] = picture;
      this.#layers[slot] = 0;
    }
    this.#layers[slot] = (this.#layers[slot] ?? 0) | (1 << layer);
  }

  /** A key frame ends all earlier references, and an encoder that starts anew may count its pictures anew. */
  forgetPictures(): void {
    this.#pictures.fill(-1);
  }

  #distances(descriptor: Vp9PayloadDescriptor, picture: number): readonly number[] | undefined {
    if (!descriptor.interPicturePredicted) return [];
    if (descriptor.flexible) return descriptor.references;
    const group = this.#group;
    if (group === undefined || descriptor.pictureIdBits === 0) return undefined;
    const count = group.references.length;
    const place = (((picture - this.#groupStart) % count) + count) % count;
    return group.references[place];
  }
}

/** One number for a layer of a picture. */
export function keyOf(picture: number, layer: number): number {
  return picture * 8 + layer;
}
