import { CODECS, type Codec, codecOfMime } from '@rawreel/rtp';
import type { DumpPackets } from '../read/dump-packets.ts';

/** Codecs of a dump's kind that its SDP names beside its own and its packets have. */
export function otherCodecsIn({ codec, description, stream }: DumpPackets): Codec[] {
  const kind = CODECS[codec].kind;
  const sent = [...stream.payloadTypes().keys()].flatMap((payloadType) => {
    const name = description?.formats.get(payloadType)?.name;
    return codecOfMime(`${kind}/${name ?? ''}`) ?? [];
  });
  return [...new Set(sent)].filter((other) => other !== codec);
}
