import { type Codec, createDepacketizer } from '@rawreel/rtp';
import { bucket, type Target } from '../engine/target.ts';
import { packetTapeFraming, readPacketTape } from '../formats/packet-tape.ts';
import { FrameJudge } from '../oracles/frames.ts';

/** Byte strings that a payload of the codec may begin with or hold. */
const WORDS: Record<Codec, readonly Uint8Array[]> = {
  opus: [Uint8Array.of(0x7b, 0x83), Uint8Array.of(0xfb, 0xc1, 0xff), Uint8Array.of(0xff, 0x41, 0xfe)],
  vp8: [
    Uint8Array.of(0x90, 0x80, 0x81, 0x23), // start of a frame with a picture id of 15 bits
    Uint8Array.of(0x10, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00),
    Uint8Array.of(0x9d, 0x01, 0x2a),
    Uint8Array.of(0x90, 0xe0, 0x80, 0x01, 0x05, 0x60),
  ],
  vp9: [
    Uint8Array.of(0x8c, 0x80, 0x01), // B and E, picture id of 15 bits
    Uint8Array.of(0x82, 0x49, 0x83, 0x42), // key frame
    Uint8Array.of(0xac, 0x81, 0x05, 0x02), // layer 1
    Uint8Array.of(0x88), // show_existing_frame
    Uint8Array.of(0xc1, 0x01, 0x01, 0xc1), // superframe index
    Uint8Array.of(0x18, 0x08, 0x01, 0x04, 0x01),
  ],
  h264: [
    Uint8Array.of(0x78, 0x00), // STAP-A
    Uint8Array.of(0x7c, 0x85), // FU-A, first piece of an IDR slice
    Uint8Array.of(0x7c, 0x45), // its last
    Uint8Array.of(0x67, 0x42, 0xc0, 0x1f),
    Uint8Array.of(0x65, 0x88, 0x84),
    Uint8Array.of(0x06, 0x06, 0x01, 0xc4, 0x80), // recovery point
    Uint8Array.of(0x00, 0x00, 0x03),
  ],
  av1: [
    Uint8Array.of(0x18, 0x0a), // new sequence, one element, sequence header
    Uint8Array.of(0x10, 0x30), // one element, frame
    Uint8Array.of(0x0a, 0x0b, 0x00, 0x00, 0x00),
    Uint8Array.of(0x12, 0x00), // temporal delimiter with a size
    Uint8Array.of(0x50, 0x30), // goes on in the next packet
    Uint8Array.of(0x90), // goes on from the packet before
  ],
};

function depacketizerTarget(codec: Codec): Target {
  return {
    name: codec,
    framing: packetTapeFraming,
    words: WORDS[codec],
    run(bytes, observation) {
      const tape = readPacketTape(bytes);
      const depacketizer = createDepacketizer(codec, {
        fmtp: new Map([['sprop-parameter-sets', tape.parameterSets]]),
        parameterSets: tape.everyKeyFrame ? 'every-key-frame' : 'when-changed',
      });
      const judge = new FrameJudge(depacketizer, observation);
      for (const packet of tape.packets) judge.push(packet);
      judge.flush();
      observation.feature('packets', bucket(tape.packets.length));
    },
  };
}

export const depacketizerTargets: readonly Target[] = (['opus', 'vp8', 'vp9', 'h264', 'av1'] as const).map(
  depacketizerTarget,
);
