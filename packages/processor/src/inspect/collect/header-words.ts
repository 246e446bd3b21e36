/**
 * A word of an RTP header, network byte order (RFC 3550 §5.1): the timestamp stands at 4, the SSRC at 8; 0 where there is none. Signed,
 * as engines keep numbers of 31 bits and a sign without a box.
 */
export const i32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) |
  ((bytes[at + 1] ?? 0) << 16) |
  ((bytes[at + 2] ?? 0) << 8) |
  (bytes[at + 3] ?? 0);
