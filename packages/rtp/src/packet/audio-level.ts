import type { AudioLevel } from '../order/media-packet.ts';

/** URI of the header extension in SDP. */
export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Most packets carry one, so each of the 256 there are is made once. */
const LEVELS: readonly AudioLevel[] = Array.from({ length: 256 }, (_, byte) => ({
  level: byte & 0x7f,
  voice: byte >= 0x80,
}));

/**
 * Client-to-mixer audio level (RFC 6464 §3); what a two-byte element has behind it is padding.
 *
 * ```
 * +-+-+-+-+-+-+-+-+
 * |V|    level    |   V voice activity, level in -dBov
 * +-+-+-+-+-+-+-+-+
 * ```
 *
 * The same object for the same byte. Undefined without data.
 */
export function parseAudioLevel(data: Uint8Array): AudioLevel | undefined {
  const byte = data[0];
  return byte === undefined ? undefined : LEVELS[byte];
}
