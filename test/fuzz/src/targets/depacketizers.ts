import {
  type Codec,
  type CodedFrame,
  createDepacketizer,
  opusDurationTicks,
  type VideoParameters,
} from '@rawreel/rtp';
import { packetsOf } from '../packet-list.ts';
import { check, magnitude, type Target } from '../target.ts';

/** What must hold of the bytes of a frame, checked by code that shares nothing with the depacketizers. */
const FRAME_CHECKS: Record<Codec, (bytes: Buffer, frame: CodedFrame) => void> = {
  opus: (bytes, frame) => {
    check(frame.durationTicks === opusDurationTicks(bytes), 'an Opus frame tells its duration');
    check(
      (frame.durationTicks ?? 0) > 0 && (frame.durationTicks ?? 0) <= 5760,
      'an Opus packet lasts up to 120 ms',
    );
  },
  vp8: (bytes, { keyFrame, parameters }) => {
    check(((bytes[0] as number) & 1) === (keyFrame ? 0 : 1), 'the first bit of VP8 tells key frames');
    if (!keyFrame) return;
    check(bytes.subarray(3, 6).toString('hex') === '9d012a', 'a VP8 key frame has its start code');
    check(
      (bytes.readUInt16LE(6) & 0x3fff) === (parameters as VideoParameters).width,
      'a VP8 key frame has its width',
    );
  },
  vp9: (bytes) => check((bytes[0] as number) >> 6 === 2, 'a VP9 frame begins with its marker'),
  h264: (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      check(at + 4 < bytes.length, 'a NAL unit has a length and a body');
      check(((bytes[at + 4] as number) & 0x80) === 0, 'forbidden_zero_bit is zero');
      at += 4 + bytes.readUInt32BE(at);
    }
    check(at === bytes.length, 'NAL units fill an H264 frame');
  },
  av1: (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      const header = bytes[at++] as number;
      check((header & 0x82) === 0x02, 'an OBU has a size field');
      check(((header >> 3) & 15) !== 2, 'no temporal delimiter is left');
      if (header & 4) at++;
      let size = 0;
      for (let shift = 0, more = true; more; shift += 7) {
        check(at < bytes.length && shift < 56, 'an OBU size ends');
        size += ((bytes[at] as number) & 0x7f) * 2 ** shift;
        more = ((bytes[at++] as number) & 0x80) !== 0;
      }
      at += size;
    }
    check(at === bytes.length, 'OBUs fill an AV1 unit');
  },
};

function depacketizer(codec: Codec): Target {
  return {
    name: codec,
    run(input) {
      const depacketizer = createDepacketizer(codec, {});
      let frames = 0;
      let keyFrames = 0;
      let lastRun = -1;
      const take = () => {
        for (let frame = depacketizer.pull(); frame !== undefined; frame = depacketizer.pull()) {
          const bytes = Buffer.concat(frame.chunks);
          check(bytes.length === frame.byteLength && bytes.length > 0, 'byteLength is the sum of the pieces');
          check(frame.lossBefore >= 0 && frame.run >= lastRun, 'runs go up');
          if (frame.run !== lastRun) check(frame.keyFrame, 'a run begins with a key frame');
          lastRun = frame.run;
          check(frame.parameters.codec === codec, 'parameters are of the codec');
          FRAME_CHECKS[codec](bytes, frame);
          frames++;
          if (frame.keyFrame) keyFrames++;
        }
      };
      for (const packet of packetsOf(input)) {
        depacketizer.push(packet);
        take();
      }
      depacketizer.flush();
      take();
      const statistics = depacketizer.statistics;
      check(statistics.framesEmitted === frames, 'framesEmitted counts the frames');
      const { framesIncomplete, framesUndecodable, framesBeforeKeyFrame, packetsMalformed } = statistics;
      const counts = [
        frames,
        keyFrames,
        framesIncomplete,
        framesUndecodable,
        framesBeforeKeyFrame,
        packetsMalformed,
      ];
      return `${counts.map(magnitude).join()} ${JSON.stringify(depacketizer.parameters ?? null).length}`;
    },
  };
}

export const depacketizers: readonly Target[] = (['opus', 'vp8', 'vp9', 'h264', 'av1'] as const).map(
  depacketizer,
);
