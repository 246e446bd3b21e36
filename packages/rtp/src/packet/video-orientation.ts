import type { Rotation } from '../order/media-packet.ts';

/** URI of the header extension in SDP. */
export const VIDEO_ORIENTATION_URI = 'urn:3gpp:video-orientation';

const ROTATIONS: readonly Rotation[] = [0, 90, 180, 270];

/**
 * Coordination of video orientation (3GPP TS 26.114 §7.4.5), the one-byte form and the first byte of the six-bit one.
 *
 * ```
 * +-+-+-+-+-+-+-+-+
 * |0 0 0 0|C|F|R R|   C camera, F mirrored, R quarter turns
 * ```
 */
export function parseVideoOrientation(data: Uint8Array): Rotation | undefined {
  const byte = data[0];
  return byte === undefined ? undefined : ROTATIONS[byte & 3];
}
