import type { Codec } from '../codec.ts';
import { OBU_TYPE } from './av1/obu.ts';
import { readElements } from './av1/payload-elements.ts';
import { NAL, nalType } from './h264/nal-unit.ts';
import { SLICE_HEADER_BYTES } from './h264/slice-header.ts';
import { opusFrameStarts, voiceMask } from './opus/opus-voice.ts';
import { newVp8Descriptor, readVp8Descriptor } from './vp8/vp8-descriptor.ts';
import { vp8HeadBytes } from './vp8/vp8-partitions.ts';
import { Vp9PayloadDescriptor } from './vp9/payload-descriptor.ts';
import { parseUncompressedHeader } from './vp9/uncompressed-header.ts';

/** Headers of an AV1 frame are shorter: what tells its kind, size and references. */
const AV1_HEADER_BYTES = 64;

/** What tells that a frame is none of VP9 stands there. */
const VP9_START_BYTES = 16;

/** Fields for tiles are longest in the largest picture. */
const LARGEST_PICTURE = { width: 65_536, height: 65_536 };

/** SEI messages that receivers go by, a recovery point above all; longer ones are texts of encoders. */
const SEI_BYTES = 16;

/** First configuration of Opus that is CELT only. */
const CELT_ONLY = 16;

const vp8 = newVp8Descriptor();
const vp9 = new Vp9PayloadDescriptor();

/**
 * Overwrites what a payload shows or lets hear, in place: sizes stay, and so do payload descriptors, frame and sequence headers,
 * parameter sets, and what an Opus packet says of its frames. What depends on those, a receiver's order, frames, key frames and
 * sizes, stays the same. Opus becomes silence where its coding has a word for that.
 */
export function blankPayload(codec: Codec, payload: Uint8Array): void {
  switch (codec) {
    case 'opus':
      blankOpus(payload);
      return;
    case 'vp8':
      if (!readVp8Descriptor(payload, vp8)) payload.fill(0, 1);
      else {
        const startsFrame = vp8.partitionStart && vp8.partition === 0;
        payload.fill(0, vp8.size + (startsFrame ? vp8HeadBytes(payload.subarray(vp8.size)) : 0));
      }
      return;
    case 'vp9':
      blankVp9(payload);
      return;
    case 'h264':
      blankNal(payload);
      return;
    case 'av1':
      blankAv1(payload);
      return;
    default:
      codec satisfies never;
  }
}

/** CELT reads 15 set bits as silence (RFC 6716 §4.3); the LP layer's voice flags stay, as turns are told by them. */
function blankOpus(payload: Uint8Array): void {
  const toc = payload[0] ?? 0;
  const starts = opusFrameStarts(payload);
  const isCelt = toc >> 3 >= CELT_ONLY;
  const mask = isCelt ? 0 : voiceMask(toc);
  const flags = starts.map((start) => (payload[start] ?? 0) & mask);
  payload.fill(isCelt ? 0xff : 0, starts[0] ?? Math.min(2, payload.length));
  if (!isCelt) for (const [index, start] of starts.entries()) payload[start] = flags[index] ?? 0;
}

function blankVp9(payload: Uint8Array): void {
  const at = vp9.read(payload);
  if (at < 0) {
    payload.fill(0, Math.min(payload.length, 16));
    return;
  }
  const from = Math.min(payload.length, at + (vp9.startsFrame ? vp9HeadBytes(payload.subarray(at)) : 0));
  const until = payload.length - (vp9.endsFrame ? superframeIndexBytes(payload) : 0);
  if (until > from) payload.fill(0, from, until);
}

/** Of the index behind several frames in one: sizes between two equal markers, `110 | bytes of a size, less 1 | frames, less 1`. */
function superframeIndexBytes(payload: Uint8Array): number {
  const marker = payload.at(-1) ?? 0;
  const bytes = 2 + (((marker >> 3) & 3) + 1) * ((marker & 7) + 1);
  return (marker & 0xe0) === 0xc0 && payload.at(-bytes) === marker ? bytes : 0;
}

function vp9HeadBytes(frame: Uint8Array): number {
  const { headerBits } = parseUncompressedHeader(frame, () => LARGEST_PICTURE) ?? {};
  return headerBits === undefined ? VP9_START_BYTES : Math.ceil(headerBits / 8);
}

/** Ones, as zeros would need emulation prevention (ITU-T H.264 §7.4.1). */
function blankNal(payload: Uint8Array): void {
  const type = nalType(payload[0] ?? 0);
  switch (type) {
    case NAL.sequenceParameterSet:
    case NAL.pictureParameterSet:
      return;
    case NAL.sei:
      payload.fill(0xff, payload.length > SEI_BYTES ? 2 : payload.length);
      return;
    case NAL.stapA:
      for (let at = 1; at + 2 < payload.length; ) {
        const size = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
        blankNal(payload.subarray(at + 2, at + 2 + size));
        at += 2 + Math.max(1, size);
      }
      return;
    case NAL.fuA:
      blankFragment(payload);
      return;
    default:
      payload.fill(0xff, Math.min(payload.length, SLICE_HEADER_BYTES));
  }
}

function blankFragment(payload: Uint8Array): void {
  const header = payload[1] ?? 0;
  const type = nalType(header);
  if (type === NAL.sequenceParameterSet || type === NAL.pictureParameterSet) return;
  const kept = (header & 0x80) === 0 ? 2 : type === NAL.sei ? 4 : 1 + SLICE_HEADER_BYTES;
  payload.fill(0xff, Math.min(payload.length, kept));
}

function blankAv1(payload: Uint8Array): void {
  const elements: Uint8Array[] = [];
  const header = readElements(payload, elements);
  if (header === undefined) {
    payload.fill(0, Math.min(payload.length, 2));
    return;
  }
  for (const [index, element] of elements.entries()) {
    const isContinued = index === 0 && header.continues;
    const type = ((element[0] ?? 0) >> 3) & 0x0f;
    const isOnlySeen = type === OBU_TYPE.metadata || type === OBU_TYPE.padding;
    element.fill(0, Math.min(element.length, isContinued ? 0 : isOnlySeen ? 2 : AV1_HEADER_BYTES));
  }
}
