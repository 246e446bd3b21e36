import { CODECS, type Codec } from '../codec.ts';
import { Av1Depacketizer } from './av1/av1-depacketizer.ts';
import type { Depacketizer } from './depacketizer.ts';
import { H264Depacketizer } from './h264/h264-depacketizer.ts';
import type { ParameterSetPolicy } from './h264/parameter-sets.ts';
import { OpusDepacketizer } from './opus/opus-depacketizer.ts';
import { Vp8Depacketizer } from './vp8/vp8-depacketizer.ts';
import { Vp9Depacketizer } from './vp9/vp9-depacketizer.ts';

export interface DepacketizerOptions {
  /** Format parameters of the payload type, as the SDP's `a=fmtp` has them, keys in lower case. */
  readonly fmtp?: ReadonlyMap<string, string> | undefined;
  /** H264 only; `when-changed` unless said otherwise. */
  readonly parameterSets?: ParameterSetPolicy;
}

/** The depacketizer of a codec, for one segment: its state is that of one stream. */
export function createDepacketizer(codec: Codec, options: DepacketizerOptions = {}): Depacketizer {
  switch (codec) {
    case 'opus':
      return new OpusDepacketizer();
    case 'vp8':
      return new Vp8Depacketizer();
    case 'vp9':
      return new Vp9Depacketizer();
    case 'h264':
      return new H264Depacketizer(options);
    case 'av1':
      return new Av1Depacketizer();
    default:
      return unknownCodec(codec);
  }
}

function unknownCodec(codec: never): never {
  throw new RangeError(`expected a codec of ${Object.keys(CODECS).join(', ')}, found ${String(codec)}`);
}
