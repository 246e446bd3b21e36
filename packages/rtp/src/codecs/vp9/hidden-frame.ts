import { type Chunks, sliceOf, startOf } from '../chunks.ts';
import { MAX_HEADER_BYTES, type Vp9FrameHeader } from './uncompressed-header.ts';

/**
 * The same frame with show_frame = 0: decoded and kept as a reference as before, but not displayed.
 *
 *     key frame:    one bit changes.
 *     inter frame:  | … | show_frame 0 | error_resilient | intra_only 0 | … as it was … | trailing bits |
 *
 * A hidden inter frame says whether it is intra-only (§6.2), so one bit comes in behind error_resilient_mode, the rest
 * of the uncompressed header moves by it and its trailing bits are laid out anew. The compressed header and the tiles
 * behind it start on a byte, are found by their sizes and stay where they are: views.
 *
 * Returns undefined where the end of the header is not known, or where the frame has none (show_existing_frame).
 */
export function hideFrame(frame: Chunks, header: Vp9FrameHeader): Uint8Array[] | undefined {
  const { headerBits } = header;
  if (headerBits === undefined || header.showExistingSlot !== undefined) return undefined;
  if (!header.shown) return [...frame];
  const start = startOf(frame, MAX_HEADER_BYTES);
  const showBit = header.profile === 3 ? 7 : 6;
  const headerBytes = (headerBits + 7) >> 3;
  const hidden = header.keyFrame ? start.slice(0, headerBytes) : insertZero(start, headerBits, showBit + 2);
  const first = hidden[0] ?? 0;
  hidden[0] = first & ~(0x80 >> showBit);
  return [hidden, ...sliceOf(frame, headerBytes, Number.POSITIVE_INFINITY)];
}

/** Copies `length` bits with a zero put in before bit `at`; zeros fill the last byte, as trailing_bits() wants. */
function insertZero(bytes: Uint8Array, length: number, at: number): Uint8Array {
  const out = new Uint8Array((length + 8) >> 3);
  for (let bit = 0; bit < length; bit += 1) {
    const value = ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
    const to = bit < at ? bit : bit + 1;
    out[to >> 3] = (out[to >> 3] ?? 0) | (value << (7 - (to & 7)));
  }
  return out;
}
