import { BitReader } from '../bit-reader.ts';
import type { VideoParameters } from '../depacketizer.ts';

export interface Av1SequenceHeader {
  readonly profile: number;
  readonly stillPicture: boolean;
  /** Every frame is then a shown key frame, and its header does not say so. */
  readonly reducedStillPictureHeader: boolean;
  /** seq_level_idx of operating point 0, the one that decoders choose. */
  readonly level: number;
  readonly tier: 0 | 1;
  /** operating_point_idc of each operating point: which temporal and spatial layers it holds; 0 where all is one. */
  readonly operatingPoints: readonly number[];
  /** Largest size of a frame, which with spatial layers is that of the top one. */
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 8 | 10 | 12;
  readonly monochrome: boolean;
  readonly subsamplingX: 0 | 1;
  readonly subsamplingY: 0 | 1;
  readonly chromaSamplePosition: number;
}

const SRGB = { primaries: 1, transfer: 13, matrix: 0 };
const SELECT_SCREEN_CONTENT_TOOLS = 2;

/**
 * sequence_header_obu(), AV1 bitstream specification §5.5.1: the OBU's payload.
 *
 *     | seq_profile 3 | still_picture | reduced_still_picture_header | …
 *
 * Undefined where it is cut or of a profile that does not exist.
 */
export function parseSequenceHeader(payload: Uint8Array): Av1SequenceHeader | undefined {
  const bits = new BitReader(payload);
  const profile = bits.readBits(3);
  if (profile > 2) return undefined;
  const stillPicture = bits.readFlag();
  const reducedStillPictureHeader = bits.readFlag();
  const points = reducedStillPictureHeader ? readReducedLevel(bits) : readOperatingPoints(bits);
  const widthBits = bits.readBits(4) + 1;
  const heightBits = bits.readBits(4) + 1;
  const width = bits.readBits(widthBits) + 1;
  const height = bits.readBits(heightBits) + 1;
  skipTools(bits, reducedStillPictureHeader);
  const color = readColorConfig(bits, profile);
  if (bits.overrun) return undefined;
  return { profile, stillPicture, reducedStillPictureHeader, ...points, width, height, ...color };
}

type OperatingPoints = Pick<Av1SequenceHeader, 'level' | 'tier' | 'operatingPoints'>;

function readReducedLevel(bits: BitReader): OperatingPoints {
  return { level: bits.readBits(5), tier: 0, operatingPoints: [0] };
}

function readOperatingPoints(bits: BitReader): OperatingPoints {
  const delayBits = readTiming(bits);
  const displayDelayPresent = bits.readFlag();
  const count = bits.readBits(5) + 1;
  const operatingPoints: number[] = [];
  let level = 0;
  let tier: 0 | 1 = 0;
  for (let point = 0; point < count; point += 1) {
    operatingPoints.push(bits.readBits(12));
    const pointLevel = bits.readBits(5);
    const pointTier = pointLevel > 7 ? bits.readBit() : 0;
    if (point === 0) {
      level = pointLevel;
      tier = pointTier;
    }
    // operating_parameters_info(): two delays and low_delay_mode_flag
    if (delayBits !== undefined && bits.readFlag()) bits.skipBits(2 * delayBits + 1);
    if (displayDelayPresent && bits.readFlag()) bits.skipBits(4);
  }
  return { level, tier, operatingPoints };
}

/** timing_info() and decoder_model_info(), §5.5.3 and §5.5.4. Returns the length of the delays, if there are any. */
function readTiming(bits: BitReader): number | undefined {
  if (!bits.readFlag()) return undefined;
  bits.skipBits(64); // num_units_in_display_tick, time_scale
  if (bits.readFlag()) skipUvlc(bits); // num_ticks_per_picture_minus_1
  if (!bits.readFlag()) return undefined;
  const delayBits = bits.readBits(5) + 1;
  bits.skipBits(32 + 5 + 5);
  return delayBits;
}

/** uvlc(), §4.10.3: unlike an Exp-Golomb code, 32 zeros are a value of their own without bits behind. */
function skipUvlc(bits: BitReader): void {
  let zeros = 0;
  while (!bits.overrun && !bits.readFlag()) zeros += 1;
  if (zeros < 32) bits.skipBits(zeros);
}

function skipTools(bits: BitReader, reduced: boolean): void {
  if (!reduced && bits.readFlag()) bits.skipBits(4 + 3); // frame id lengths
  bits.skipBits(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
  if (!reduced) skipInterTools(bits);
  bits.skipBits(3); // enable_superres, enable_cdef, enable_restoration
}

function skipInterTools(bits: BitReader): void {
  bits.skipBits(4); // interintra and masked compound, warped motion, dual filter
  const orderHint = bits.readFlag();
  if (orderHint) bits.skipBits(2); // jnt_comp, ref_frame_mvs
  const forceScreenContentTools = bits.readFlag() ? SELECT_SCREEN_CONTENT_TOOLS : bits.readBit();
  // seq_choose_integer_mv, else seq_force_integer_mv
  if (forceScreenContentTools > 0 && !bits.readFlag()) bits.skipBits(1);
  if (orderHint) bits.skipBits(3); // order_hint_bits_minus_1
}

type ColorConfig = Pick<
  Av1SequenceHeader,
  'bitDepth' | 'monochrome' | 'subsamplingX' | 'subsamplingY' | 'chromaSamplePosition'
>;

/** color_config(), §5.5.2 */
function readColorConfig(bits: BitReader, profile: number): ColorConfig {
  const bitDepth = readBitDepth(bits, profile);
  const monochrome = profile !== 1 && bits.readFlag();
  const isSrgb = bits.readFlag() && readIsSrgb(bits);
  if (monochrome) {
    bits.skipBits(1); // color_range
    return { bitDepth, monochrome, subsamplingX: 1, subsamplingY: 1, chromaSamplePosition: 0 };
  }
  if (isSrgb) {
    bits.skipBits(1); // separate_uv_delta_q
    return { bitDepth, monochrome, subsamplingX: 0, subsamplingY: 0, chromaSamplePosition: 0 };
  }
  bits.skipBits(1); // color_range
  const [subsamplingX, subsamplingY] = readSubsampling(bits, profile, bitDepth);
  const chromaSamplePosition = subsamplingX === 1 && subsamplingY === 1 ? bits.readBits(2) : 0;
  bits.skipBits(1); // separate_uv_delta_q
  return { bitDepth, monochrome, subsamplingX, subsamplingY, chromaSamplePosition };
}

function readBitDepth(bits: BitReader, profile: number): 8 | 10 | 12 {
  if (!bits.readFlag()) return 8;
  return profile === 2 && bits.readFlag() ? 12 : 10;
}

function readIsSrgb(bits: BitReader): boolean {
  const primaries = bits.readBits(8);
  const transfer = bits.readBits(8);
  const matrix = bits.readBits(8);
  return primaries === SRGB.primaries && transfer === SRGB.transfer && matrix === SRGB.matrix;
}

function readSubsampling(bits: BitReader, profile: number, bitDepth: number): readonly [0 | 1, 0 | 1] {
  if (profile === 0) return [1, 1];
  if (profile === 1) return [0, 0];
  if (bitDepth !== 12) return [1, 0];
  const subsamplingX = bits.readBit();
  return [subsamplingX, subsamplingX === 1 ? bits.readBit() : 0];
}

export function chromaOf(sequence: Av1SequenceHeader): VideoParameters['chroma'] {
  if (sequence.monochrome) return '4:0:0';
  if (sequence.subsamplingX === 0) return '4:4:4';
  return sequence.subsamplingY === 1 ? '4:2:0' : '4:2:2';
}

/**
 * AV1CodecConfigurationRecord, AV1 in ISOBMFF §2.3, which is also Matroska's CodecPrivate.
 *
 *     |1|  version 1  |
 *     | prof | level  |
 *     |T|H|W|M|X|Y|CSP|   tier, high bit depth, twelve bits, monochrome, subsampling, chroma sample position
 *     |0 0 0|P|0 0 0 0|   P: no presentation delay is told
 *     | configOBUs    |   the sequence header OBU, with its size field
 */
export function av1Configuration(sequence: Av1SequenceHeader, sequenceHeaderObu: Uint8Array): Uint8Array {
  const record = new Uint8Array(4 + sequenceHeaderObu.length);
  record[0] = 0x81;
  record[1] = (sequence.profile << 5) | sequence.level;
  record[2] =
    (sequence.tier << 7) |
    ((sequence.bitDepth > 8 ? 1 : 0) << 6) |
    ((sequence.bitDepth === 12 ? 1 : 0) << 5) |
    ((sequence.monochrome ? 1 : 0) << 4) |
    (sequence.subsamplingX << 3) |
    (sequence.subsamplingY << 2) |
    sequence.chromaSamplePosition;
  record.set(sequenceHeaderObu, 4);
  return record;
}
