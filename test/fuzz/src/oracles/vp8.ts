import type { VideoParameters } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { checkWhole, type FrameInHand } from './frames.ts';

/** RFC 6386 §9.1 and RFC 7741 §4.2, read again. */
export function checkVp8Frame(inHand: FrameInHand, parameters: VideoParameters): void {
  const { frame, bytes, pieces, packets, first } = inHand;
  checkWhole(inHand, 'marked');
  check(
    pieces.every(({ packet }, at) => packet === first + at),
    'not one piece of each of its packets',
  );
  for (const { bytes: piece, packet } of pieces) {
    const payload = packets[packet]?.payload as Uint8Array;
    check(
      piece.byteOffset + piece.length === payload.byteOffset + payload.length,
      'the end of a payload is missing',
    );
  }
  const descriptor = packets[first]?.payload[0] ?? 0;
  check((descriptor & 0x17) === 0x10, 'begins with a packet that starts no frame');
  const tag = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16);
  const keyFrame = (tag & 1) === 0;
  check(frame.keyFrame === keyFrame, () => `keyFrame ${frame.keyFrame}, its tag says otherwise`);
  const firstPartition = tag >> 5;
  check(
    firstPartition > 0 && firstPartition < bytes.length,
    () => `first partition of ${firstPartition} bytes`,
  );
  check(((tag >> 1) & 7) <= 3, 'a version that does not exist');
  if (!keyFrame) return;
  check(bytes[3] === 0x9d && bytes[4] === 0x01 && bytes[5] === 0x2a, 'a key frame without its start code');
  const width = bytes.readUInt16LE(6) & 0x3fff;
  const height = bytes.readUInt16LE(8) & 0x3fff;
  check(
    parameters.width === width && parameters.height === height,
    () => `${width}×${height} told as another size`,
  );
  check(parameters.profile === ((tag >> 1) & 7), 'another profile');
}
