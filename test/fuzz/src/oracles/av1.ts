import type { VideoParameters } from '@rawreel/rtp';
import { check, fail } from '../engine/check.ts';
import { Bits } from './bits.ts';
import { checkWhole, type FrameInHand } from './frames.ts';

const SEQUENCE_HEADER = 1;
const FRAME_HEADER = 3;
const TILE_GROUP = 4;
const FRAME = 6;
/** No temporal delimiter (2), tile list (8), reserved type or padding (15). */
const KEPT = new Set([SEQUENCE_HEADER, FRAME_HEADER, TILE_GROUP, 5, FRAME, 7]);

/** OBUs in low-overhead format (AV1 bitstream specification §5.2) and av1C, read again. */
export function checkAv1Frame(inHand: FrameInHand, parameters: VideoParameters): void {
  const { frame, bytes } = inHand;
  checkWhole(inHand, 'anyhow');
  const types: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const obu = readObu(bytes, at);
    check(KEPT.has(obu.type), () => `OBU of type ${obu.type}`);
    types.push(obu.type);
    at = obu.end;
  }
  const first = types.findIndex((type) => type === FRAME || type === FRAME_HEADER);
  check(first >= 0, 'a temporal unit without a frame');
  check(!types.slice(0, first).includes(TILE_GROUP), 'tiles before their frame header');
  if (frame.keyFrame) {
    const sequence = types.indexOf(SEQUENCE_HEADER);
    check(sequence >= 0 && sequence < first, 'a key frame without a sequence header before it');
  }
  checkConfiguration(parameters);
}

function readObu(bytes: Uint8Array, start: number): { type: number; payload: number; end: number } {
  const header = bytes[start] ?? 0;
  check(header < 0x80, 'the forbidden bit of an OBU is set');
  check((header & 2) !== 0, 'an OBU without its size');
  let at = start + ((header & 4) === 0 ? 1 : 2);
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? fail('an OBU size that is cut');
    size += (byte & 0x7f) * 2 ** shift;
    at += 1;
    if (byte < 0x80) break;
  }
  check(at + size <= bytes.length, () => `an OBU of ${size} bytes at ${start}`);
  return { type: (header >> 3) & 15, payload: at, end: at + size };
}

function checkConfiguration({ codecPrivate, profile, bitDepth }: VideoParameters): void {
  if (codecPrivate === undefined) fail('no av1C');
  check(codecPrivate[0] === 0x81, 'av1C of another version');
  check((codecPrivate[1] ?? 0) >> 5 === profile, 'av1C of another profile');
  const third = codecPrivate[2] ?? 0;
  const depth = (third & 0x40) === 0 ? 8 : (third & 0x20) === 0 ? 10 : 12;
  check(depth === bitDepth, () => `av1C of ${depth} bits a sample`);
  const obus = codecPrivate.subarray(4);
  const { type, payload, end } = readObu(obus, 0);
  check(type === SEQUENCE_HEADER && end === obus.length, 'av1C with something else than one sequence header');
  check(
    new Bits(obus.subarray(payload)).take(3) === profile,
    'av1C with a sequence header of another profile',
  );
}
