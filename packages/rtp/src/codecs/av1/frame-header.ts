import type { Av1SequenceHeader } from './sequence-header.ts';

export interface Av1FrameHeader {
  /** Shows a frame decoded before: nothing of it follows. */
  readonly showExisting: boolean;
  /** A key frame that is shown: decoding can start here. */
  readonly keyFrame: boolean;
}

const KEY_FRAME = 0;

/**
 * The start of uncompressed_header(), AV1 bitstream specification §5.9.2.
 *
 *     | show_existing_frame 1 | frame_type 2 | show_frame 1 | …
 */
export function readFrameHeader(first: number, sequence: Av1SequenceHeader | undefined): Av1FrameHeader {
  if (sequence?.reducedStillPictureHeader === true) return { showExisting: false, keyFrame: true };
  const showExisting = (first & 0x80) !== 0;
  const frameType = (first >> 5) & 0x03;
  const shown = (first & 0x10) !== 0;
  return { showExisting, keyFrame: !showExisting && frameType === KEY_FRAME && shown };
}
