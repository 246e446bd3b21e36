import type { VideoParameters } from '@rawreel/rtp';

/**
 * SPS and PPS of an avcC as length-prefixed NAL units, as they stand in a frame; undefined for other codecs. A frame of
 * another encoder in between has replaced the sets with the same ids in the decoder.
 *
 * ```
 * avcC: version, profile, compatibility, level, 0xfc|lengthSizeMinusOne, 0xe0|#SPS, { u16 length, SPS }…, #PPS, { u16 length, PPS }…
 * ```
 * ISO/IEC 14496-15 §5.3.3.1.
 */
export function parameterSets(parameters: VideoParameters): Uint8Array | undefined {
  const avcC = parameters.codecPrivate;
  if (parameters.codec !== 'h264' || avcC === undefined) return undefined;
  const sets: Uint8Array[] = [];
  let position = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (avcC[position++] ?? 0) & mask;
    for (let index = 0; index < count; index++) {
      const length = ((avcC[position] ?? 0) << 8) | (avcC[position + 1] ?? 0);
      sets.push(
        Uint8Array.of(0, 0, length >> 8, length & 0xff),
        avcC.subarray(position + 2, position + 2 + length),
      );
      position += 2 + length;
    }
  }
  return Buffer.concat(sets);
}
