import { type Chunks, lengthOf, sliceOf, startOf } from '../chunks.ts';
import { BoolDecoder } from './bool-decoder.ts';
import { VP8_HEADER_BYTES, VP8_INTER_HEADER_BYTES, type Vp8FrameHeader } from './vp8-bitstream.ts';

/** Of the first partition, more than the longest header takes up to the number of partitions: 211 bits. */
const HEAD_BYTES = 64;
const SIZE_BYTES = 3;

/**
 * Whether the partitions of coefficients that a frame announces (RFC 6386 §9.5) fit in it; one that they do not fit in, decoders
 * refuse. Three of four frames that were encrypted behind their uncompressed header announce what cannot fit.
 */
export function holdsItsPartitions(chunks: Chunks, header: Vp8FrameHeader): boolean {
  const { headerBytes, firstPartitionBytes, keyFrame } = header;
  const head = startOf(chunks, headerBytes + Math.min(firstPartitionBytes, HEAD_BYTES)).subarray(headerBytes);
  const partitions = 1 << readLog2Partitions(new BoolDecoder(head), keyFrame);
  const tableStart = headerBytes + firstPartitionBytes;
  const tableEnd = tableStart + SIZE_BYTES * (partitions - 1);
  const left = lengthOf(chunks) - tableEnd;
  if (left < 0) return false;
  return sumOfSizes(sliceOf(chunks, tableStart, tableEnd)) <= left;
}

/** How many bytes from the start of a frame tell all that is asked of it here; modes and coefficients come behind them. */
export function vp8HeadBytes(frame: Uint8Array): number {
  const keyFrame = ((frame[0] ?? 0) & 1) === 0;
  const headerBytes = keyFrame ? VP8_HEADER_BYTES : VP8_INTER_HEADER_BYTES;
  const bools = new BoolDecoder(frame.subarray(headerBytes));
  readLog2Partitions(bools, keyFrame);
  return headerBytes + bools.bytesRead;
}

/** The sizes of all partitions but the last, which has the rest: three bytes each, little-endian. */
function sumOfSizes(table: Chunks): number {
  const bytes = startOf(table, lengthOf(table));
  let sum = 0;
  for (let at = 0; at < bytes.length; at += SIZE_BYTES)
    sum += (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return sum;
}

/** The frame header up to `log2_nbr_of_dct_partitions` (RFC 6386 §9.2 to §9.5, §19.2). */
function readLog2Partitions(bools: BoolDecoder, keyFrame: boolean): number {
  // color_space, clamping_type
  if (keyFrame) bools.literal(2);
  if (bools.flag()) skipSegmentation(bools);
  // filter_type, loop_filter_level, sharpness_level
  bools.literal(1 + 6 + 3);
  if (bools.flag()) skipFilterAdjustments(bools);
  return bools.literal(2);
}

/** `update_segmentation()` (§9.3). */
function skipSegmentation(bools: BoolDecoder): void {
  const updatesMap = bools.flag();
  if (bools.flag()) {
    // segment_feature_mode
    bools.literal(1);
    // quantizer_update_value and lf_update_value, each with its sign
    for (let segment = 0; segment < 4; segment += 1) skipOptional(bools, 7 + 1);
    for (let segment = 0; segment < 4; segment += 1) skipOptional(bools, 6 + 1);
  }
  if (!updatesMap) return;
  // segment_prob
  for (let node = 0; node < 3; node += 1) skipOptional(bools, 8);
}

/** `mb_lf_adjustments()` (§9.6): of four reference frames and four modes, each with its sign. */
function skipFilterAdjustments(bools: BoolDecoder): void {
  if (!bools.flag()) return;
  for (let delta = 0; delta < 8; delta += 1) skipOptional(bools, 6 + 1);
}

function skipOptional(bools: BoolDecoder, bits: number): void {
  if (bools.flag()) bools.literal(bits);
}
