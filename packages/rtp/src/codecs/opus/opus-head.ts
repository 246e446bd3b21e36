/**
 * OpusHead, the codec private data of Opus in Ogg and Matroska (RFC 7845 §5.1), little-endian.
 *
 *      0 'O' 'p' 'u' 's' 'H' 'e' 'a' 'd'
 *      8 version 1 · 9 channels · 10 pre-skip (u16) · 12 input rate (u32) · 16 output gain (i16) · 18 mapping family 0
 *
 * Pre-skip is 0: what was recorded starts in the middle of a call, so no encoder delay is left to skip.
 */
export function opusHead({ channels }: { readonly channels: 1 | 2 }): Uint8Array {
  const head = new Uint8Array(19);
  head.set([0x4f, 0x70, 0x75, 0x73, 0x48, 0x65, 0x61, 0x64, 1, channels]);
  new DataView(head.buffer).setUint32(12, 48_000, true);
  return head;
}
