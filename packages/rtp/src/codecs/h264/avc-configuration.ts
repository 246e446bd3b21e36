import type { SequenceParameterSet } from './parameter-set-syntax.ts';

/** Profiles whose configuration ends with 4:2:0 and 8 bits unsaid. */
const PROFILES_WITHOUT_TAIL: ReadonlySet<number> = new Set([66, 77, 88]);

/** Counts have 5 and 8 bits. */
const MAX_SEQUENCE_SETS = 31;
const MAX_PICTURE_SETS = 255;

/**
 * avcC, AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1): frames carry NAL units behind lengths of 4 bytes.
 *
 *      version 1 · profile · compatibility · level · 6 bits 1, length size − 1 · 3 bits 1, SPS count
 *      { u16 length · SPS } · u8 PPS count · { u16 length · PPS }
 *      all but Baseline, Main and Extended: 6 bits 1, chroma format · 5 bits 1, luma depth − 8 ·
 *      5 bits 1, chroma depth − 8 · u8 count of SPS extensions: 0
 *
 * `sequenceSets` begins with the one in use, which is `active`.
 */
export function avcConfiguration(
  active: SequenceParameterSet,
  sequenceSets: readonly Uint8Array[],
  pictureSets: readonly Uint8Array[],
): Uint8Array {
  const sps = sequenceSets.slice(0, MAX_SEQUENCE_SETS);
  const pps = pictureSets.slice(0, MAX_PICTURE_SETS);
  const [, profile = 0, compatibility = 0, level = 0] = sps[0] ?? [];
  const bytes: number[] = [1, profile, compatibility, level, 0xff, 0xe0 | sps.length];
  for (const set of sps) bytes.push(set.length >> 8, set.length & 0xff, ...set);
  bytes.push(pps.length);
  for (const set of pps) bytes.push(set.length >> 8, set.length & 0xff, ...set);
  if (!PROFILES_WITHOUT_TAIL.has(active.profileIdc)) {
    bytes.push(
      0xfc | active.chromaFormatIdc,
      0xf8 | (active.bitDepthLuma - 8),
      0xf8 | (active.bitDepthChroma - 8),
      0,
    );
  }
  return Uint8Array.from(bytes);
}

/**
 * SPS and PPS of an avcC as length-prefixed NAL units, as they stand in a frame: the pieces in order.
 *
 * ```
 * avcC: version, profile, compatibility, level, 0xfc|lengthSizeMinusOne, 0xe0|#SPS, { u16 length, SPS }…, #PPS, { u16 length, PPS }…
 * ```
 * ISO/IEC 14496-15 §5.3.3.1.
 */
export function avcParameterSets(avcC: Uint8Array): Uint8Array[] {
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
  return sets;
}
