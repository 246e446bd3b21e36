import type { VideoParameters } from '@rawreel/rtp';
import { check, fail } from '../engine/check.ts';
import { checkWhole, type FrameInHand } from './frames.ts';

const SLICE = 1;
const IDR_SLICE = 5;
const SEI = 6;
const KEPT = new Set([SLICE, IDR_SLICE, SEI, 7, 8]);
const WITHOUT_TAIL = new Set([66, 77, 88]);

/** Length-prefixed NAL units (ISO/IEC 14496-15) and avcC, read again. */
export function checkH264Frame(inHand: FrameInHand, parameters: VideoParameters): void {
  const { frame, bytes } = inHand;
  checkWhole(inHand, 'marked or followed');
  const types: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    check(at + 4 < bytes.length, 'a length without a NAL unit');
    const length = bytes.readUInt32BE(at);
    check(length > 0 && at + 4 + length <= bytes.length, () => `a NAL unit of ${length} bytes at ${at}`);
    const header = bytes[at + 4] ?? 0;
    check(header < 0x80, 'forbidden_zero_bit is set');
    check(KEPT.has(header & 31), () => `NAL unit of type ${header & 31}`);
    types.push(header & 31);
    at += 4 + length;
  }
  const idr = types.includes(IDR_SLICE);
  check(idr || types.includes(SLICE), 'a frame without a slice');
  check(!(idr && types.includes(SLICE)), 'slices of an IDR picture and of another');
  check(!idr || frame.keyFrame, 'an IDR picture that is no key frame');
  check(!frame.keyFrame || idr || types.includes(SEI), 'a key frame without IDR slice or recovery point');
  checkConfiguration(parameters);
}

function checkConfiguration({ codecPrivate, profile }: VideoParameters): void {
  if (codecPrivate === undefined) fail('no avcC');
  check(codecPrivate[0] === 1 && codecPrivate[1] === profile, 'avcC of another version or profile');
  check(((codecPrivate[4] ?? 0) & 3) === 3, 'avcC with another length size');
  const sequences = (codecPrivate[5] ?? 0) & 31;
  const behind = skipSets(codecPrivate, 6, sequences, 7);
  const pictures = codecPrivate[behind] ?? 0;
  const end = skipSets(codecPrivate, behind + 1, pictures, 8);
  check(sequences > 0 && pictures > 0, 'avcC without parameter sets');
  const tail = WITHOUT_TAIL.has(profile) ? 0 : 4;
  check(
    end + tail === codecPrivate.length,
    () => `avcC of ${codecPrivate.length} bytes, ${end + tail} expected`,
  );
}

function skipSets(bytes: Uint8Array, start: number, count: number, type: number): number {
  let at = start;
  for (let set = 0; set < count; set += 1) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    check(
      length > 0 && ((bytes[at + 2] ?? 0) & 31) === type,
      'avcC with something else in a parameter set’s place',
    );
    at += 2 + length;
  }
  check(at <= bytes.length, 'avcC that is cut');
  return at;
}
