import type { Codec } from '../codec.ts';
import { newVp8Descriptor, readVp8Descriptor } from './vp8/vp8-descriptor.ts';
import { Vp9PayloadDescriptor } from './vp9/payload-descriptor.ts';

/** The scalability layers that a packet belongs to, counted from 0; undefined where it names none. */
export interface PayloadLayers {
  readonly temporal: number | undefined;
  readonly spatial: number | undefined;
}

const NONE: PayloadLayers = { temporal: undefined, spatial: undefined };
const vp8 = newVp8Descriptor();
const vp9 = new Vp9PayloadDescriptor();

/**
 * Reads the layers of a payload: TID of VP8 (RFC 7741 §4.2), TID and SID of VP9 (RFC 9628 §4.2), those of an AV1 packet's first
 * OBU that has an extension (AV1 bitstream specification §5.3.3). H264 and Opus have none.
 */
export function payloadLayers(codec: Codec, payload: Uint8Array): PayloadLayers {
  switch (codec) {
    case 'vp8':
      if (!readVp8Descriptor(payload, vp8) || vp8.temporalId < 0) return NONE;
      return { temporal: vp8.temporalId, spatial: undefined };
    case 'vp9':
      if (vp9.read(payload) < 0 || vp9.temporalId < 0) return NONE;
      return { temporal: vp9.temporalId, spatial: vp9.spatialId };
    case 'av1':
      return av1Layers(payload);
    case 'h264':
    case 'opus':
      return NONE;
    default:
      return codec satisfies never;
  }
}

/** Z says that the packet goes on with an OBU whose header was in the one before. */
function av1Layers(payload: Uint8Array): PayloadLayers {
  const flags = payload[0] ?? 0x80;
  if ((flags & 0x80) !== 0) return NONE;
  let at = 1;
  // All elements but the last of a counted packet have a size before them.
  if (((flags >> 4) & 3) !== 1) while (((payload[at++] ?? 0) & 0x80) !== 0);
  const header = payload[at] ?? 0;
  const extension = payload[at + 1];
  if ((header & 0x04) === 0 || extension === undefined) return NONE;
  return { temporal: extension >> 5, spatial: (extension >> 3) & 3 };
}
