import { CODECS, type Codec, codecOfMime, parseSessionDescription } from '@rawreel/rtp';
import type { DumpPackets } from './dump-packets.ts';

/** Codecs of the same kind that the SDP names beside a segment's own: a sender may change to them without a new segment. */
export function otherCodecsOf(codec: Codec, sdp: string | undefined): Codec[] {
  if (sdp === undefined) return [];
  const kind = CODECS[codec].kind;
  const { formats } = parseSessionDescription(sdp, { kind, codec });
  const named = [...formats.values()].flatMap(({ name }) => codecOfMime(`${kind}/${name}`) ?? []);
  return [...new Set(named)].filter((other) => other !== codec);
}

/** Those of them that packets of a dump have. */
export function otherCodecsIn({ codec, description, stream }: DumpPackets): Codec[] {
  const kind = CODECS[codec].kind;
  const sent = [...stream.payloadTypes().keys()].flatMap((payloadType) => {
    const name = description?.formats.get(payloadType)?.name;
    return codecOfMime(`${kind}/${name ?? ''}`) ?? [];
  });
  return [...new Set(sent)].filter((other) => other !== codec);
}
