import { avcConfiguration } from './avc-configuration.ts';
import { NAL, nalType } from './nal-unit.ts';
import {
  type PictureParameterSet,
  readPictureParameterSet,
  readSequenceParameterSet,
  type SequenceParameterSet,
} from './parameter-set-syntax.ts';
import type { ParameterSetLookup } from './slice-header.ts';

/**
 * When frames repeat parameter sets in-band, before their slices.
 *
 * - `when-changed`: once the sets differ from the first codec private data: with the frame that brings the change and
 *   on every key frame from then on. Without it decoders break at the change, or after seeking across it.
 * - `every-key-frame`: always, for a stream written behind another whose codec private data the container has.
 */
export type ParameterSetPolicy = 'when-changed' | 'every-key-frame';

interface Stored<Syntax> {
  readonly nal: Uint8Array;
  readonly syntax: Syntax;
}

/** All sets together go before a key frame: more than any encoder sends, too few to blow up the output. */
const MAX_STORED_BYTES = 4 * 1024;

/** The parameter sets in force, by id, and what of them a decoder of the output already has. */
export class ParameterSets implements ParameterSetLookup {
  readonly #policy: ParameterSetPolicy;
  readonly #sequences = new Map<number, Stored<SequenceParameterSet>>();
  readonly #pictures = new Map<number, Stored<PictureParameterSet>>();
  #storedBytes = 0;
  #version = 0;
  /** The version that a decoder of the output has; undefined before the first key frame. */
  #written: number | undefined;
  /** The sets have changed at least once since the first key frame. */
  #deviated = false;

  constructor(policy: ParameterSetPolicy) {
    this.#policy = policy;
  }

  /** False where the NAL unit is no parameter set that can be used. Of equal bytes nothing changes. */
  put(nal: Uint8Array): boolean {
    switch (nalType(nal[0] ?? 0)) {
      case NAL.sequenceParameterSet:
        return this.#store(this.#sequences, nal, readSequenceParameterSet(nal));
      case NAL.pictureParameterSet:
        return this.#store(this.#pictures, nal, readPictureParameterSet(nal));
      default:
        // An SDP may name extensions and subset parameter sets as well: what they say is for other decoders.
        return false;
    }
  }

  picture(id: number): PictureParameterSet | undefined {
    return this.#pictures.get(id)?.syntax;
  }

  sequence(id: number): SequenceParameterSet | undefined {
    return this.#sequences.get(id)?.syntax;
  }

  /** avcC of the sets in force, the one of `active` first. */
  configuration(active: SequenceParameterSet): Uint8Array {
    return avcConfiguration(active, this.#sequenceUnits(active), this.#pictureUnits());
  }

  /** The NAL units that must go before a frame's own, as its place in the output demands. */
  before(keyFrame: boolean, active: SequenceParameterSet): readonly Uint8Array[] {
    this.#written ??= this.#version;
    const changed = this.#written !== this.#version;
    this.#written = this.#version;
    this.#deviated ||= changed;
    const repeated = keyFrame && (this.#deviated || this.#policy === 'every-key-frame');
    return changed || repeated ? [...this.#sequenceUnits(active), ...this.#pictureUnits()] : [];
  }

  #store<Syntax extends { readonly id: number }>(
    into: Map<number, Stored<Syntax>>,
    nal: Uint8Array,
    syntax: Syntax | undefined,
  ): boolean {
    if (syntax === undefined) return false;
    const known = into.get(syntax.id)?.nal;
    if (known !== undefined && equal(known, nal)) return true;
    const bytes = this.#storedBytes + nal.length - (known?.length ?? 0);
    if (bytes > MAX_STORED_BYTES) return false;
    this.#storedBytes = bytes;
    // A copy: a view would keep all of the packet's surroundings in memory.
    into.set(syntax.id, { nal: new Uint8Array(nal), syntax });
    this.#version += 1;
    return true;
  }

  #sequenceUnits(active: SequenceParameterSet): Uint8Array[] {
    const stored = [...this.#sequences.values()];
    const first = stored.filter(({ syntax }) => syntax.id === active.id);
    const others = stored.filter(({ syntax }) => syntax.id !== active.id);
    return [...first, ...others].map(({ nal }) => nal);
  }

  /** A picture set without its sequence set would only make a decoder complain. */
  #pictureUnits(): Uint8Array[] {
    const usable = [...this.#pictures.values()].filter(({ syntax }) =>
      this.#sequences.has(syntax.sequenceId),
    );
    return usable.map(({ nal }) => nal);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
