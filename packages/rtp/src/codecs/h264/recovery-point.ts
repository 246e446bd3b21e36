import { BitReader } from '../bit-reader.ts';
import { withoutEmulationPrevention } from './nal-unit.ts';

const RECOVERY_POINT = 6;

/**
 * Whether an SEI NAL unit says that decoding may start at this very picture with exact results: a recovery point
 * (ITU-T H.264 §D.1.8) with recovery_frame_cnt 0 and exact_match_flag set.
 */
export function isExactRecoveryPoint(nal: Uint8Array): boolean {
  const bytes = withoutEmulationPrevention(nal.subarray(1));
  let position = 0;
  // sei_message(), §7.3.2.3.1. The last byte holds only the trailing bits.
  while (position + 2 < bytes.length) {
    const type = readExtended(bytes, position);
    const size = readExtended(bytes, type.next);
    if (type.value === RECOVERY_POINT) {
      const bits = new BitReader(bytes.subarray(size.next, size.next + size.value));
      return bits.readUnsignedExpGolomb() === 0 && bits.readFlag() && !bits.overrun;
    }
    position = size.next + size.value;
  }
  return false;
}

/** Bytes of 255 and a last smaller one, summed. */
function readExtended(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let position = start;
  while (bytes[position] === 0xff) {
    value += 255;
    position += 1;
  }
  return { value: value + (bytes[position] ?? 0), next: position + 1 };
}
