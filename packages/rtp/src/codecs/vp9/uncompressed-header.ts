import { BitReader } from '../bit-reader.ts';
import type { VideoParameters } from '../depacketizer.ts';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

export interface ColorFormat {
  readonly bitDepth: 8 | 10 | 12;
  readonly chroma: VideoParameters['chroma'];
}

/** What of a frame's header decides on order, references, display and size. */
export interface Vp9FrameHeader {
  readonly profile: number;
  /** Slot of an earlier frame to show again; such a frame has no picture and, but for its size, no field of its own. */
  readonly showExistingSlot: number | undefined;
  readonly keyFrame: boolean;
  readonly shown: boolean;
  readonly errorResilient: boolean;
  readonly intraOnly: boolean;
  readonly resetFrameContext: number;
  /** Bit n: the decoded frame goes into slot n. */
  readonly refreshFlags: number;
  /** The three slots it may predict from; empty for key and intra-only frames. */
  readonly referenceSlots: readonly number[];
  /** The slot its size is taken from, where it carries none itself. */
  readonly sizeFromSlot: number | undefined;
  /** Absent where it would come from a slot nothing is known of. */
  readonly size: FrameSize | undefined;
  /** Of key and intra-only frames. */
  readonly format: ColorFormat | undefined;
  /** Length up to the trailing bits; absent where the size is, on which the tile fields depend. */
  readonly headerBits: number | undefined;
}

/** Longer than any uncompressed header: with every optional field it stays under 80 bytes. */
export const MAX_HEADER_BYTES = 128;

const FRAME_MARKER = 2;
const SYNC_CODE = 0x498342;
const COLOR_SPACE_RGB = 7;
const INTRA_ONLY_FORMAT: ColorFormat = { bitDepth: 8, chroma: '4:2:0' };
const SEGMENTS = 8;
/** Bits and signedness of quantizer, loop filter, reference and skip of a segment (§6.2.11). */
const SEGMENT_FEATURES = [
  { bits: 8, signed: true },
  { bits: 6, signed: true },
  { bits: 2, signed: false },
  { bits: 0, signed: false },
] as const;

/**
 * uncompressed_header(), VP9 bitstream specification §6.2.
 *
 *     | marker 2 | profile low, high | 0 if profile 3 | show_existing | frame_type | show_frame | error_resilient |
 *
 * `slotSize` tells the size of the frame in a reference slot: inter frames may take theirs from one.
 * Returns undefined for what is no VP9 frame.
 */
export function parseUncompressedHeader(
  bytes: Uint8Array,
  slotSize: (slot: number) => FrameSize | undefined,
): Vp9FrameHeader | undefined {
  const bits = new BitReader(bytes);
  if (bits.readBits(2) !== FRAME_MARKER) return undefined;
  const profile = bits.readBit() | (bits.readBit() << 1);
  if (profile === 3 && bits.readFlag()) return undefined;
  const header = bits.readFlag()
    ? readShowExisting(bits, profile, slotSize)
    : readFrame(bits, profile, slotSize);
  return bits.overrun ? undefined : header;
}

function readShowExisting(
  bits: BitReader,
  profile: number,
  slotSize: (slot: number) => FrameSize | undefined,
): Vp9FrameHeader {
  const slot = bits.readBits(3);
  return {
    profile,
    showExistingSlot: slot,
    keyFrame: false,
    shown: true,
    errorResilient: false,
    intraOnly: false,
    resetFrameContext: 0,
    refreshFlags: 0,
    referenceSlots: [slot],
    sizeFromSlot: slot,
    size: slotSize(slot),
    format: undefined,
    headerBits: bits.position,
  };
}

function readFrame(
  bits: BitReader,
  profile: number,
  slotSize: (slot: number) => FrameSize | undefined,
): Vp9FrameHeader | undefined {
  const keyFrame = !bits.readFlag();
  const shown = bits.readFlag();
  const errorResilient = bits.readFlag();
  const intraOnly = !keyFrame && !shown && bits.readFlag();
  const resetFrameContext = keyFrame || errorResilient ? 0 : bits.readBits(2);
  const intra = keyFrame || intraOnly;
  if (intra && bits.readBits(24) !== SYNC_CODE) return undefined;
  const format = intra ? readFormat(bits, profile, intraOnly) : undefined;
  if (intra && format === undefined) return undefined;
  const refreshFlags = keyFrame ? 0xff : bits.readBits(8);
  const referenceSlots = intra ? [] : readReferenceSlots(bits);
  const sizeFromSlot = readSizeSlot(bits, referenceSlots);
  const size = sizeFromSlot === undefined ? readSize(bits) : slotSize(sizeFromSlot);
  const header = {
    profile,
    showExistingSlot: undefined,
    keyFrame,
    shown,
    errorResilient,
    intraOnly,
    resetFrameContext,
    refreshFlags,
    referenceSlots,
    sizeFromSlot,
    size,
    format,
    headerBits: undefined,
  };
  return size === undefined ? header : { ...header, headerBits: skipRest(bits, header, size) };
}

/** color_config(), §6.2.2; an intra-only frame of profile 0 carries none and is 8-bit 4:2:0. */
function readFormat(bits: BitReader, profile: number, intraOnly: boolean): ColorFormat | undefined {
  if (intraOnly && profile === 0) return INTRA_ONLY_FORMAT;
  let bitDepth: ColorFormat['bitDepth'] = 8;
  if (profile >= 2) bitDepth = bits.readFlag() ? 12 : 10;
  const oddProfile = (profile & 1) === 1;
  if (bits.readBits(3) === COLOR_SPACE_RGB) {
    if (!oddProfile) return undefined;
    bits.skipBits(1); // reserved_zero
    return { bitDepth, chroma: '4:4:4' };
  }
  bits.skipBits(1); // color_range
  if (!oddProfile) return { bitDepth, chroma: '4:2:0' };
  const halfWidth = bits.readFlag();
  const halfHeight = bits.readFlag();
  bits.skipBits(1); // reserved_zero
  return { bitDepth, chroma: chromaOf(halfWidth, halfHeight) };
}

function chromaOf(halfWidth: boolean, halfHeight: boolean): ColorFormat['chroma'] {
  if (halfWidth) return halfHeight ? '4:2:0' : '4:2:2';
  return halfHeight ? '4:4:0' : '4:4:4';
}

function readReferenceSlots(bits: BitReader): readonly number[] {
  const slots: number[] = [];
  for (let reference = 0; reference < 3; reference += 1) {
    slots.push(bits.readBits(3));
    bits.skipBits(1); // ref_frame_sign_bias
  }
  return slots;
}

/** The found_ref flags of frame_size_with_refs(), §6.2.5. */
function readSizeSlot(bits: BitReader, referenceSlots: readonly number[]): number | undefined {
  for (const slot of referenceSlots) if (bits.readFlag()) return slot;
  return undefined;
}

function readSize(bits: BitReader): FrameSize {
  const width = bits.readBits(16) + 1;
  const height = bits.readBits(16) + 1;
  return { width, height };
}

/** From render_size() to header_size_in_bytes: nothing in it is used, only where it ends. */
function skipRest(
  bits: BitReader,
  header: Pick<Vp9FrameHeader, 'errorResilient' | 'referenceSlots'>,
  size: FrameSize,
): number {
  if (bits.readFlag()) bits.skipBits(32); // render_size
  if (header.referenceSlots.length > 0) {
    bits.skipBits(1); // allow_high_precision_mv
    if (!bits.readFlag()) bits.skipBits(2); // raw_interpolation_filter
  }
  if (!header.errorResilient) bits.skipBits(2); // refresh_frame_context, frame_parallel_decoding_mode
  bits.skipBits(2); // frame_context_idx
  skipLoopFilter(bits);
  skipQuantization(bits);
  skipSegmentation(bits);
  skipTiles(bits, size.width);
  bits.skipBits(16); // header_size_in_bytes
  return bits.position;
}

/** §6.2.8 */
function skipLoopFilter(bits: BitReader): void {
  bits.skipBits(9); // level, sharpness
  const deltasEnabled = bits.readFlag();
  if (!deltasEnabled || !bits.readFlag()) return;
  for (let delta = 0; delta < 6; delta += 1) if (bits.readFlag()) bits.skipBits(7);
}

/** §6.2.9 */
function skipQuantization(bits: BitReader): void {
  bits.skipBits(8); // base_q_idx
  for (let delta = 0; delta < 3; delta += 1) if (bits.readFlag()) bits.skipBits(5);
}

/** §6.2.11 */
function skipSegmentation(bits: BitReader): void {
  if (!bits.readFlag()) return;
  if (bits.readFlag()) {
    for (let node = 0; node < 7; node += 1) if (bits.readFlag()) bits.skipBits(8);
    const temporalUpdate = bits.readFlag();
    for (let node = 0; node < 3; node += 1) if (temporalUpdate && bits.readFlag()) bits.skipBits(8);
  }
  if (!bits.readFlag()) return;
  bits.skipBits(1); // segmentation_abs_or_delta_update
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    for (const feature of SEGMENT_FEATURES) {
      if (bits.readFlag()) bits.skipBits(feature.bits + (feature.signed ? 1 : 0));
    }
  }
}

/** §6.2.13: how many tile bits there are depends on the width in 64-pixel blocks. */
function skipTiles(bits: BitReader, width: number): void {
  const blocks = (width + 63) >> 6;
  let log2 = 0;
  while (64 << log2 < blocks) log2 += 1;
  let maxLog2 = 1;
  while (blocks >> maxLog2 >= 4) maxLog2 += 1;
  maxLog2 -= 1;
  while (log2 < maxLog2 && bits.readFlag()) log2 += 1;
  if (bits.readFlag()) bits.skipBits(1); // tile_rows_log2
}
