import type { Codec } from '../codec.ts';
import { NAL, nalType } from './h264/nal-unit.ts';
import { newVp8Descriptor, readVp8Descriptor } from './vp8/vp8-descriptor.ts';
import { Vp9PayloadDescriptor } from './vp9/payload-descriptor.ts';

const vp8 = newVp8Descriptor();
const vp9 = new Vp9PayloadDescriptor();

/**
 * Whether a key frame begins in this packet, by what the payload says of itself: P of VP8's frame tag (RFC 7741 §4.3), P and B of
 * VP9's descriptor (RFC 9628 §4.2), an SPS or IDR slice of H264 (RFC 6184 §5.2), N of AV1's aggregation header (§4.4). Every Opus
 * packet is one by itself; of sound this says false.
 */
export function startsKeyFrame(codec: Codec, payload: Uint8Array): boolean {
  switch (codec) {
    case 'vp8':
      return (
        readVp8Descriptor(payload, vp8) &&
        vp8.partitionStart &&
        vp8.partition === 0 &&
        ((payload[vp8.size] ?? 1) & 1) === 0
      );
    case 'vp9':
      return vp9.read(payload) >= 0 && vp9.startsFrame && !vp9.interPicturePredicted && vp9.spatialId === 0;
    case 'h264':
      return h264Key(payload);
    case 'av1':
      return ((payload[0] ?? 0) & 0x88) === 0x08;
    case 'opus':
      return false;
    default:
      return codec satisfies never;
  }
}

function h264Key(payload: Uint8Array): boolean {
  const type = nalType(payload[0] ?? 0);
  // FU-A: the second byte has S and the type. STAP-A: the first unit is behind its size.
  const inside =
    type === NAL.fuA
      ? startOfFragment(payload[1] ?? 0)
      : type === NAL.stapA
        ? nalType(payload[3] ?? 0)
        : type;
  return inside === NAL.idrSlice || inside === NAL.sequenceParameterSet;
}

const startOfFragment = (header: number): number => ((header & 0x80) === 0 ? 0 : nalType(header));
