/** Which pictures a picture refers to in non-flexible mode: its group repeats from the picture that carried it. */
export interface PictureGroup {
  /** Per picture of the group, how many picture ids back its references lie. */
  readonly references: readonly (readonly number[])[];
}

const MAX_REFERENCES = 3;

/**
 * VP9 payload descriptor, RFC 9628 §4.2.
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     |I|P|L|F|B|E|V|Z|   required
 *     +-+-+-+-+-+-+-+-+
 *  I: |M| picture id  |   M: 15 bits, the low byte follows
 *     +-+-+-+-+-+-+-+-+
 *  L: | TID |U| SID |D|   F=0: | TL0PICIDX | follows
 *     +-+-+-+-+-+-+-+-+
 *  P  |   P_DIFF    |N|   and F: up to three, N: another follows
 *     +-+-+-+-+-+-+-+-+
 *  V: | scalability   |
 *     | structure     |
 *
 * One object serves a whole stream: a descriptor per packet would be the only allocation on its way.
 */
export class Vp9PayloadDescriptor {
  /** Bits of the picture id: 7, 15, or 0 where there is none. */
  pictureIdBits: 0 | 7 | 15 = 0;
  pictureId = 0;
  interPicturePredicted = false;
  layered = false;
  flexible = false;
  startsFrame = false;
  endsFrame = false;
  spatialId = 0;
  /** Temporal layer; −1 where there are no layer indices. */
  temporalId = -1;
  /** D: predicted from the layer below it in the same picture. */
  interLayerPredicted = false;
  /** P_DIFFs of flexible mode: picture ids back. */
  readonly references: number[] = [];
  /** Set on the packets that carry a scalability structure with a picture group. */
  pictureGroup: PictureGroup | undefined;

  /** Returns the offset of the VP9 data behind the descriptor, or −1 where the payload breaks the format. */
  read(payload: Uint8Array): number {
    const flags = payload[0];
    if (flags === undefined) return -1;
    this.interPicturePredicted = (flags & 0x40) !== 0;
    this.layered = (flags & 0x20) !== 0;
    this.flexible = (flags & 0x10) !== 0;
    this.startsFrame = (flags & 0x08) !== 0;
    this.endsFrame = (flags & 0x04) !== 0;
    this.references.length = 0;
    this.pictureGroup = undefined;
    let at = this.#readPictureId(payload, 1, (flags & 0x80) !== 0);
    at = this.#readLayerIndices(payload, at);
    if (this.interPicturePredicted && this.flexible) at = this.#readReferences(payload, at);
    if ((flags & 0x02) !== 0 && at > 0) at = this.#readScalabilityStructure(payload, at);
    return at > 0 && at < payload.length ? at : -1;
  }

  #readPictureId(payload: Uint8Array, at: number, present: boolean): number {
    this.pictureId = 0;
    this.pictureIdBits = 0;
    if (!present) return at;
    const first = payload[at] ?? 0;
    if ((first & 0x80) === 0) {
      this.pictureIdBits = 7;
      this.pictureId = first;
      return at + 1;
    }
    this.pictureIdBits = 15;
    this.pictureId = ((first & 0x7f) << 8) | (payload[at + 1] ?? 0);
    return at + 2;
  }

  #readLayerIndices(payload: Uint8Array, at: number): number {
    this.spatialId = 0;
    this.temporalId = -1;
    this.interLayerPredicted = false;
    if (!this.layered) return at;
    const indices = payload[at] ?? 0;
    this.temporalId = indices >> 5;
    this.spatialId = (indices >> 1) & 0x07;
    this.interLayerPredicted = (indices & 0x01) !== 0;
    // U and TL0PICIDX say less than the references do, and are passed over.
    return this.flexible ? at + 1 : at + 2;
  }

  #readReferences(payload: Uint8Array, start: number): number {
    for (let at = start; at < payload.length; at += 1) {
      const reference = payload[at] ?? 0;
      if (this.references.length === MAX_REFERENCES) return -1;
      this.references.push(reference >> 1);
      if ((reference & 0x01) === 0) return at + 1;
    }
    return -1;
  }

  /**
   *     +-+-+-+-+-+-+-+-+
   *     | N_S |Y|G|  -  |   N_S + 1 spatial layers
   *     +-+-+-+-+-+-+-+-+
   *  Y: | width, height |   16 bits each, per spatial layer
   *     +-+-+-+-+-+-+-+-+
   *  G: |      N_G      |   pictures in the group
   *     +-+-+-+-+-+-+-+-+
   *     | TID |U| R | - |   per picture, then R times | P_DIFF |
   *     +-+-+-+-+-+-+-+-+
   *
   * The sizes are passed over: the bitstream's own are the ones a decoder uses.
   */
  #readScalabilityStructure(payload: Uint8Array, start: number): number {
    const head = payload[start];
    if (head === undefined) return -1;
    let at = start + 1;
    if ((head & 0x10) !== 0) at += 4 * ((head >> 5) + 1);
    if ((head & 0x08) === 0) return at;
    const pictures = payload[at];
    if (pictures === undefined) return -1;
    at += 1;
    const group: number[][] = [];
    for (let picture = 0; picture < pictures; picture += 1) {
      const count = ((payload[at] ?? 0) >> 2) & 0x03;
      at += 1;
      if (at + count > payload.length) return -1;
      group.push([...payload.subarray(at, at + count)]);
      at += count;
    }
    if (group.length > 0) this.pictureGroup = { references: group };
    return at;
  }
}
