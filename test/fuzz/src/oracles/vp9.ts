import type { VideoParameters } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { Bits } from './bits.ts';
import type { FrameInHand } from './frames.ts';

/** VP9 bitstream specification §6.2 and Annex B, read again. */
export function checkVp9Frame(inHand: FrameInHand, parameters: VideoParameters): void {
  const { frame, bytes, pieces } = inHand;
  checkGaps(inHand);
  const frames = framesOf(bytes);
  const composed = pieces.at(-1)?.packet === -1 && frames.length > 1;
  for (const one of frames) check((one[0] ?? 0) >> 6 === 2, 'a frame without the frame marker');
  const heads = frames.map(readHead);
  // Where a lower layer only showed a frame again it vanishes, and the flag is still its own: known, harmless.
  const sawVanish = inHand.packets[inHand.first - 1]?.rtpTicks === frame.rtpTicks;
  check(
    frame.keyFrame === (heads[0]?.keyFrame === true) || (sawVanish && !frame.keyFrame),
    'keyFrame differs from the first frame header',
  );
  if (composed) {
    // A sender may show nothing of a picture; only where a header was written anew, in front of the index, was one hidden.
    const hidden = pieces.slice(0, -1).some(({ packet }) => packet === -1);
    check(!hidden || heads.some((head) => head.shown), 'all frames of a composed picture were hidden');
  }
  const [only] = heads;
  if (heads.length !== 1 || only?.size === undefined) return;
  const { width, height } = only.size;
  check(
    parameters.width === width && parameters.height === height,
    () => `${width}×${height} told as another size`,
  );
}

/** A hole may only lie between two layer frames: behind it another one begins (B of RFC 9628 §4.2). */
function checkGaps({ packets, first, last, pieces }: FrameInHand): void {
  const used = new Set(pieces.map(({ packet }) => packet));
  for (let at = first + 1; at <= last; at += 1) {
    const packet = packets[at];
    if (packet === undefined || !used.has(at) || packet.lossBefore === 0) continue;
    check(((packet.payload[0] ?? 0) & 0x08) !== 0, 'a layer frame with a hole');
  }
}

/** The frames of a superframe, by its index; the data itself where there is none that holds. */
function framesOf(data: Buffer): Buffer[] {
  const marker = data.at(-1) ?? 0;
  if (marker >> 5 !== 0b110) return [data];
  const count = (marker & 7) + 1;
  const size = ((marker >> 3) & 3) + 1;
  const index = data.length - 2 - count * size;
  if (index < 0 || data[index] !== marker) return [data];
  const frames: Buffer[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame += 1) {
    const length = data.readUIntLE(index + 1 + frame * size, size);
    if (at + length > index) return [data];
    if (length > 0) frames.push(data.subarray(at, at + length));
    at += length;
  }
  return frames.length === 0 ? [data] : frames;
}

interface Head {
  readonly keyFrame: boolean;
  readonly shown: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}

function readHead(frame: Uint8Array): Head {
  const bits = new Bits(frame);
  bits.take(2);
  const profile = bits.take(1) + 2 * bits.take(1);
  if (profile === 3) check(!bits.flag(), 'a profile that does not exist');
  if (bits.flag()) return { keyFrame: false, shown: true };
  const keyFrame = !bits.flag();
  const shown = bits.flag();
  bits.take(1); // error_resilient_mode
  if (!keyFrame) return { keyFrame, shown };
  check(bits.take(24) === 0x498342, 'a key frame without its sync code');
  if (profile >= 2) bits.take(1);
  const rgb = bits.take(3) === 7;
  if (!rgb) bits.take(profile % 2 === 1 ? 4 : 1);
  else bits.take(1);
  return { keyFrame, shown, size: { width: bits.take(16) + 1, height: bits.take(16) + 1 } };
}
