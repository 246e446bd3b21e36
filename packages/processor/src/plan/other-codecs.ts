import { CODECS, type Codec, codecOfMime, parseSessionDescription } from '@rawreel/rtp';

/** Codecs of the same kind that the SDP names beside a segment's own: a sender may change to them without a new segment. */
export function otherCodecsOf(codec: Codec, sdp: string | undefined): Codec[] {
  if (sdp === undefined) return [];
  const kind = CODECS[codec].kind;
  const { formats } = parseSessionDescription(sdp, { kind, codec });
  const named = [...formats.values()].flatMap(({ name }) => codecOfMime(`${kind}/${name}`) ?? []);
  return [...new Set(named)].filter((other) => other !== codec);
}
