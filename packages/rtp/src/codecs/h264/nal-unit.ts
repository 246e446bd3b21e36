/** nal_unit_type, ITU-T H.264 table 7-1, and the packet types that RFC 6184 table 1 adds from 24 on. */
export const NAL = {
  slice: 1,
  idrSlice: 5,
  sei: 6,
  sequenceParameterSet: 7,
  pictureParameterSet: 8,
  accessUnitDelimiter: 9,
  stapA: 24,
  fuA: 28,
} as const;

export function nalType(header: number): number {
  return header & 0x1f;
}

/** nal_ref_idc: 0 where no other picture refers to this one. */
export function nalRefIdc(header: number): number {
  return (header >> 5) & 3;
}

export function isSlice(type: number): boolean {
  return type === NAL.slice || type === NAL.idrSlice;
}

/**
 * Slices, SEI and parameter sets. The rest says nothing to a decoder of one layer that is given whole access units:
 * delimiters, ends of sequence and stream, filler, auxiliary pictures, and the layers of SVC and MVC.
 */
export function isKept(type: number): boolean {
  return type === NAL.slice || (type >= NAL.idrSlice && type <= NAL.pictureParameterSet);
}

/** The bytes without emulation prevention (§7.4.1): the 3 in every 00 00 03 goes. The same view where there is none. */
export function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  let zeros = 0;
  let filled = 0;
  let out: Uint8Array | undefined;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (zeros >= 2 && byte === 3) {
      // Not slice(): of a Node Buffer that is a view, and what was received would be overwritten.
      out ??= new Uint8Array(bytes);
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    if (out !== undefined) out[filled] = byte;
    filled += 1;
  }
  return out === undefined ? bytes : out.subarray(0, filled);
}
