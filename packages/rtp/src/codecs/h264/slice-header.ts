import { BitReader } from '../bit-reader.ts';
import { NAL, nalRefIdc, nalType, withoutEmulationPrevention } from './nal-unit.ts';
import type { PictureParameterSet, SequenceParameterSet } from './parameter-set-syntax.ts';

export interface SliceHeader {
  readonly idr: boolean;
  readonly reference: boolean;
  readonly firstMacroblock: number;
  /** Coded without reference to any picture: I or SI. */
  readonly intra: boolean;
  readonly frameNum: number;
  readonly sequence: SequenceParameterSet;
}

/** Enough for all fields read here at their longest, emulation prevention included. */
export const SLICE_HEADER_BYTES = 32;

const SLICE_TYPE_I = 2;
const SLICE_TYPE_SI = 4;

export interface ParameterSetLookup {
  picture(id: number): PictureParameterSet | undefined;
  sequence(id: number): SequenceParameterSet | undefined;
}

/** The parameter sets that a slice builds on are not there. */
export const MISSING_PARAMETER_SET = 'missing parameter set';

/**
 * slice_header() up to frame_num, ITU-T H.264 §7.3.3, from the first bytes of a NAL unit; undefined where they end
 * early.
 */
export function readSliceHeader(
  start: Uint8Array,
  sets: ParameterSetLookup,
): SliceHeader | typeof MISSING_PARAMETER_SET | undefined {
  const header = start[0] ?? 0;
  const bits = new BitReader(withoutEmulationPrevention(start.subarray(1)));
  const firstMacroblock = bits.readUnsignedExpGolomb();
  const sliceType = bits.readUnsignedExpGolomb() % 5;
  const pictureSet = bits.readUnsignedExpGolomb();
  if (bits.overrun) return undefined;
  const sequence = sets.sequence(sets.picture(pictureSet)?.sequenceId ?? -1);
  if (sequence === undefined) return MISSING_PARAMETER_SET;
  if (sequence.separateColourPlanes) bits.skipBits(2);
  const frameNum = bits.readBits(sequence.frameNumBits);
  if (bits.overrun) return undefined;
  return {
    idr: nalType(header) === NAL.idrSlice,
    reference: nalRefIdc(header) !== 0,
    firstMacroblock,
    intra: sliceType === SLICE_TYPE_I || sliceType === SLICE_TYPE_SI,
    frameNum,
    sequence,
  };
}
