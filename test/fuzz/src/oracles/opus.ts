import type { OpusParameters } from '@rawreel/rtp';
import { check, fail } from '../engine/check.ts';
import type { FrameInHand } from './frames.ts';

/** RFC 6716 table 2, in tenths of a millisecond. */
const SILK = [100, 200, 400, 600];
const CELT = [25, 50, 100, 200];

export function checkOpusFrame(
  { frame, bytes, pieces, first, packets }: FrameInHand,
  parameters: OpusParameters,
): void {
  check(pieces.length === 1 && bytes.length === packets[first]?.payload.length, 'not the whole payload');
  check(frame.keyFrame, 'Opus that is no key frame');
  const [toc = 0, second = 0] = bytes;
  const config = toc >> 3;
  const tenths = config < 12 ? SILK[config & 3] : config < 16 ? SILK[config & 1] : CELT[config & 3];
  const frames = [1, 2, 2, second & 63][toc & 3] ?? fail('no frame count');
  const ticks = ((tenths ?? 0) * 48 * frames) / 10;
  check(frame.durationTicks === ticks, () => `lasts ${frame.durationTicks}, its TOC says ${ticks}`);
  check(ticks >= 120 && ticks <= 5760, () => `lasts ${ticks}`);
  checkSizes(bytes, toc & 3);
  check(parameters.channels === 2 || (toc & 4) === 0, 'stereo in a mono stream');
  const head = Buffer.from(parameters.codecPrivate);
  check(head.length === 19 && head.toString('latin1', 0, 8) === 'OpusHead', 'no OpusHead');
  check(head[8] === 1 && head[9] === parameters.channels, 'an OpusHead of another version or channel count');
}

/** Of codes 0 and 1, whose frames the packet's length alone tells: none is longer than 1275 bytes. */
function checkSizes(bytes: Uint8Array, code: number): void {
  if (code === 0) check(bytes.length <= 1276, () => `one frame of ${bytes.length - 1} bytes`);
  if (code === 1) check(bytes.length % 2 === 1, 'two equal frames of an odd number of bytes');
}
