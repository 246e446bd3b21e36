import { BitReader } from '../bit-reader.ts';
import type { VideoParameters } from '../depacketizer.ts';
import { withoutEmulationPrevention } from './nal-unit.ts';

type Chroma = VideoParameters['chroma'];

export interface SequenceParameterSet {
  readonly id: number;
  readonly profileIdc: number;
  readonly chromaFormatIdc: number;
  readonly chroma: Chroma;
  readonly bitDepth: 8 | 10 | 12;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly separateColourPlanes: boolean;
  readonly frameNumBits: number;
  /** frame_num may jump without a picture being lost: temporal layers were left out on the way. */
  readonly frameNumGapsAllowed: boolean;
  /** No picture is a single field. */
  readonly framesOnly: boolean;
  readonly width: number;
  readonly height: number;
}

export interface PictureParameterSet {
  readonly id: number;
  readonly sequenceId: number;
}

const MAX_DIMENSION = 16_384;

/** Profiles whose SPS names chroma format, bit depth and scaling matrices (ITU-T H.264 §7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

const CHROMA: readonly Chroma[] = ['4:0:0', '4:2:0', '4:2:2', '4:4:4'];

/**
 * seq_parameter_set_data() up to the cropping rectangle, ITU-T H.264 §7.3.2.1.1: what follows (VUI) changes neither
 * size nor decoding. Undefined where it ends early, holds a value that the standard excludes, a bit depth other
 * than 8, 10 or 12, or a picture of no size or beyond 16,384 pixels.
 */
export function readSequenceParameterSet(nal: Uint8Array): SequenceParameterSet | undefined {
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(1)));
  const profileIdc = bits.readBits(8);
  bits.skipBits(16); // constraint flags, level_idc
  const id = bits.readUnsignedExpGolomb();
  const format = HIGH_PROFILES.has(profileIdc) ? readFormat(bits) : EIGHT_BIT_420;
  const frameNumBits = bits.readUnsignedExpGolomb() + 4;
  skipPictureOrderCount(bits);
  bits.readUnsignedExpGolomb(); // max_num_ref_frames
  const frameNumGapsAllowed = bits.readFlag();
  const size = readSize(bits, format);
  const { bitDepthLuma: bitDepth } = format;
  const chroma = CHROMA[format.chromaFormatIdc];
  if (bits.overrun || id > 31 || frameNumBits > 16 || chroma === undefined || size === undefined)
    return undefined;
  if (bitDepth !== 8 && bitDepth !== 10 && bitDepth !== 12) return undefined;
  return { id, profileIdc, ...format, chroma, bitDepth, frameNumBits, frameNumGapsAllowed, ...size };
}

interface Format {
  readonly chromaFormatIdc: number;
  readonly separateColourPlanes: boolean;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

const EIGHT_BIT_420: Format = {
  chromaFormatIdc: 1,
  separateColourPlanes: false,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
};

function readFormat(bits: BitReader): Format {
  const chromaFormatIdc = bits.readUnsignedExpGolomb();
  const separateColourPlanes = chromaFormatIdc === 3 && bits.readFlag();
  const bitDepthLuma = bits.readUnsignedExpGolomb() + 8;
  const bitDepthChroma = bits.readUnsignedExpGolomb() + 8;
  bits.skipBits(1); // qpprime_y_zero_transform_bypass_flag
  if (bits.readFlag()) {
    const lists = chromaFormatIdc === 3 ? 12 : 8;
    for (let list = 0; list < lists; list += 1) {
      if (bits.readFlag()) skipScalingList(bits, list < 6 ? 16 : 64);
    }
  }
  return { chromaFormatIdc, separateColourPlanes, bitDepthLuma, bitDepthChroma };
}

/** scaling_list(), §7.3.2.1.1.1: once the next scale is 0 no more deltas are written. */
function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i += 1) {
    const next = (last + bits.readSignedExpGolomb() + 256) % 256;
    if (next === 0 || bits.overrun) return;
    last = next;
  }
}

function skipPictureOrderCount(bits: BitReader): void {
  const type = bits.readUnsignedExpGolomb();
  if (type === 0) {
    bits.readUnsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  } else if (type === 1) {
    bits.skipBits(1); // delta_pic_order_always_zero_flag
    bits.readSignedExpGolomb(); // offset_for_non_ref_pic
    bits.readSignedExpGolomb(); // offset_for_top_to_bottom_field
    const cycle = bits.readUnsignedExpGolomb();
    for (let i = 0; i < cycle && !bits.overrun; i += 1) bits.readSignedExpGolomb();
  }
}

interface Size {
  readonly framesOnly: boolean;
  readonly width: number;
  readonly height: number;
}

function readSize(bits: BitReader, format: Format): Size | undefined {
  const widthInMacroblocks = bits.readUnsignedExpGolomb() + 1;
  const heightInMapUnits = bits.readUnsignedExpGolomb() + 1;
  const framesOnly = bits.readFlag();
  if (!framesOnly) bits.skipBits(1); // mb_adaptive_frame_field_flag
  bits.skipBits(1); // direct_8x8_inference_flag
  const fieldsPerUnit = framesOnly ? 1 : 2;
  let width = widthInMacroblocks * 16;
  let height = heightInMapUnits * 16 * fieldsPerUnit;
  if (bits.readFlag()) {
    const { x, y } = cropUnit(format);
    width -= (bits.readUnsignedExpGolomb() + bits.readUnsignedExpGolomb()) * x;
    height -= (bits.readUnsignedExpGolomb() + bits.readUnsignedExpGolomb()) * y * fieldsPerUnit;
  }
  const sound = width > 0 && height > 0 && width <= MAX_DIMENSION && height <= MAX_DIMENSION;
  return sound ? { framesOnly, width, height } : undefined;
}

/** CropUnitX and CropUnitY, formulas 7-19 to 7-22, for pictures of frames. */
function cropUnit({ chromaFormatIdc, separateColourPlanes }: Format): { x: number; y: number } {
  if (separateColourPlanes) return { x: 1, y: 1 };
  return { x: chromaFormatIdc === 1 || chromaFormatIdc === 2 ? 2 : 1, y: chromaFormatIdc === 1 ? 2 : 1 };
}

/** pic_parameter_set_rbsp(), §7.3.2.2: only which set it is and which it builds on. */
export function readPictureParameterSet(nal: Uint8Array): PictureParameterSet | undefined {
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(1)));
  const id = bits.readUnsignedExpGolomb();
  const sequenceId = bits.readUnsignedExpGolomb();
  return bits.overrun || id > 255 || sequenceId > 31 ? undefined : { id, sequenceId };
}
