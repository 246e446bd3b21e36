import type { SourceFrame } from './expectation.ts';
import type { FileBlock } from './walked-file.ts';

/** NAL unit types of parameter sets: SPS, PPS and SPS extension (H.264 table 7-1). */
const PARAMETER_SETS: ReadonlySet<number> = new Set([7, 8, 13]);

/** Whether a block holds a frame's bytes: those alone, or in a key frame with the parameter sets in force before them. */
export function holds(block: FileBlock, frame: SourceFrame): boolean {
  const before = block.bytes.length - frame.byteLength;
  if (before < 0 || (before > 0 && !block.keyFrame)) return false;
  let at = before;
  for (const chunk of frame.chunks) {
    if (Buffer.compare(chunk, block.bytes.subarray(at, at + chunk.length)) !== 0) return false;
    at += chunk.length;
  }
  return at === block.bytes.length && areParameterSets(block.bytes.subarray(0, before));
}

/** Units of a length in four octets and a NAL unit (ISO/IEC 14496-15 §5.3.2). */
function areParameterSets(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 5 <= bytes.length) {
    if (!PARAMETER_SETS.has(view.getUint8(at + 4) & 0x1f)) return false;
    at += 4 + view.getUint32(at);
  }
  return at === bytes.length;
}

/** What follows the TOC of a CELT packet (configurations 16 to 31) that decodes to zeros (RFC 6716 §4.3). */
const SILENCE_BODY = [0xff, 0xfe];
const FIRST_CELT_CONFIGURATION = 16;

/** Opus without sound of its own: no body, which asks the decoder to go on by itself, or digital silence. */
export function isSilentOpus(bytes: Uint8Array): boolean {
  const toc = bytes[0] ?? 0;
  const isOneFrame = (toc & 0x03) === 0;
  if (bytes.length === 1) return isOneFrame;
  const isSilence = bytes.length === 3 && bytes[1] === SILENCE_BODY[0] && bytes[2] === SILENCE_BODY[1];
  return isSilence && isOneFrame && toc >> 3 >= FIRST_CELT_CONFIGURATION;
}
