import type { SentPacket } from '../packets.ts';
import { BitWriter } from './bit-writer.ts';

export interface SequenceFields {
  readonly id?: number;
  /** Multiples of 16. */
  readonly width?: number;
  readonly height?: number;
  readonly level?: number;
  readonly frameNumBits?: number;
  readonly gapsAllowed?: boolean;
}

/** A Baseline SPS, ITU-T H.264 §7.3.2.1.1. */
export function sps({
  id = 0,
  width = 320,
  height = 240,
  level = 30,
  frameNumBits = 8,
  gapsAllowed = false,
}: SequenceFields = {}): Uint8Array {
  const bits = new BitWriter()
    .bits(66, 8) // profile_idc: Baseline
    .bits(0xc0, 8) // constraint_set0_flag, constraint_set1_flag
    .bits(level, 8) // level_idc
    .ue(id) // seq_parameter_set_id
    .ue(frameNumBits - 4) // log2_max_frame_num_minus4
    .ue(2) // pic_order_cnt_type
    .ue(1) // max_num_ref_frames
    .bits(gapsAllowed ? 1 : 0, 1) // gaps_in_frame_num_value_allowed_flag
    .ue(width / 16 - 1) // pic_width_in_mbs_minus1
    .ue(height / 16 - 1) // pic_height_in_map_units_minus1
    .bits(1, 1) // frame_mbs_only_flag
    .bits(1, 1) // direct_8x8_inference_flag
    .bits(0, 1) // frame_cropping_flag
    .bits(0, 1); // vui_parameters_present_flag
  return Uint8Array.from([0x67, ...bits.rbsp()]);
}

/** A PPS as far as it is read, and some bits more: `flavour` makes another set of the same id. */
export function pps({ id = 0, sequence = 0, flavour = 0 } = {}): Uint8Array {
  return Uint8Array.from([0x68, ...new BitWriter().ue(id).ue(sequence).bits(flavour, 12).rbsp()]);
}

/** A recovery point SEI message, §D.1.8. */
export function recoveryPoint({ frames = 0, exact = true } = {}): Uint8Array {
  const payload = new BitWriter()
    .ue(frames)
    .bits(exact ? 1 : 0, 1)
    .bits(0, 3)
    .rbsp();
  return Uint8Array.from([0x06, 6, payload.length, ...payload, 0x80]);
}

export interface SliceFields {
  readonly idr?: boolean;
  readonly reference?: boolean;
  readonly firstMacroblock?: number;
  readonly intra?: boolean;
  readonly frameNum?: number;
  readonly frameNumBits?: number;
  readonly pictureSet?: number;
  readonly size?: number;
  readonly seed?: number;
}

const SLICE_TYPE_P = 5;
const SLICE_TYPE_I = 7;

/** slice_header() up to frame_num, then filling. */
export function slice({
  idr = false,
  reference = true,
  firstMacroblock = 0,
  intra = idr,
  frameNum = 0,
  frameNumBits = 8,
  pictureSet = 0,
  size = 50,
  seed = 0xa5,
}: SliceFields = {}): Uint8Array {
  const header = (reference ? 0x60 : 0) | (idr ? 5 : 1);
  const bits = new BitWriter()
    .ue(firstMacroblock)
    .ue(intra ? SLICE_TYPE_I : SLICE_TYPE_P)
    .ue(pictureSet)
    .bits(frameNum, frameNumBits)
    .rbsp();
  const filling = new Array<number>(Math.max(0, size - 1 - bits.length)).fill(seed);
  return Uint8Array.from([header, ...bits, ...filling]);
}

/** STAP-A, RFC 6184 §5.7.1. */
export function aggregate(...nals: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([0x78, ...nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal])]);
}

/** FU-A, RFC 6184 §5.8: pieces of at most `bytes` bytes of the NAL unit, of which there must be two or more. */
export function fragments(nal: Uint8Array, bytes: number): Uint8Array[] {
  const [header = 0, ...body] = nal;
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < body.length; from += bytes) {
    const start = from === 0 ? 0x80 : 0;
    const end = from + bytes >= body.length ? 0x40 : 0;
    pieces.push(
      Uint8Array.from([
        (header & 0x60) | 28,
        start | end | (header & 0x1f),
        ...body.slice(from, from + bytes),
      ]),
    );
  }
  return pieces;
}

/** Payloads of one access unit, the marker on the last. */
export function accessUnit(rtpTicks: number, ...payloads: readonly Uint8Array[]): SentPacket[] {
  return payloads.map((payload, index) => ({ rtpTicks, payload, marker: index === payloads.length - 1 }));
}

/** NAL units as a frame carries them: each behind its length in 4 bytes. */
export function lengthPrefixed(...nals: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(nals.flatMap((nal) => [0, 0, nal.length >> 8, nal.length & 0xff, ...nal]));
}
