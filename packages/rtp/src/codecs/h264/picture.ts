import type { AccessUnit } from './access-unit.ts';
import {
  MISSING_PARAMETER_SET,
  type ParameterSetLookup,
  readSliceHeader,
  type SliceHeader,
} from './slice-header.ts';

/** What the slices of a whole access unit say together. */
export interface Picture {
  /** Decoding may begin with it. */
  readonly keyFrame: boolean;
  /** Its first slice. */
  readonly slice: SliceHeader;
}

/**
 * Undefined where the slices are not those of one whole picture: one cannot be read, none has the first macroblock, or
 * they disagree in what all slices of a picture share (ITU-T H.264 §7.4.1.2.4).
 */
export function pictureOf(
  unit: AccessUnit,
  sets: ParameterSetLookup,
): Picture | typeof MISSING_PARAMETER_SET | undefined {
  let first: SliceHeader | undefined;
  let hasStart = false;
  let intra = true;
  for (const start of unit.slices) {
    const slice = readSliceHeader(start, sets);
    if (slice === undefined || slice === MISSING_PARAMETER_SET) return slice;
    first ??= slice;
    if (!ofOnePicture(first, slice)) return undefined;
    hasStart ||= slice.firstMacroblock === 0;
    intra &&= slice.intra;
  }
  if (first === undefined || !hasStart) return undefined;
  return { keyFrame: first.idr || (intra && unit.exactRecoveryPoint), slice: first };
}

function ofOnePicture(a: SliceHeader, b: SliceHeader): boolean {
  return (
    a.frameNum === b.frameNum &&
    a.idr === b.idr &&
    a.reference === b.reference &&
    a.sequence.id === b.sequence.id
  );
}
