import { CODECS, type Codec, type Depacketizer, type DepacketizerStatistics } from '@rawreel/rtp';

/** Counts of what became of packets, and for H264 of frames whose parameter sets never came. */
export type FrameCounts = Readonly<DepacketizerStatistics> & {
  readonly framesWithoutParameterSets?: number | undefined;
};

export const countsOf = ({ statistics, framesWithoutParameterSets }: Depacketizer): FrameCounts => ({
  ...statistics,
  framesWithoutParameterSets,
});

export const sumOfCounts = (one: FrameCounts, other: FrameCounts): FrameCounts => ({
  framesEmitted: one.framesEmitted + other.framesEmitted,
  framesInvalid: one.framesInvalid + other.framesInvalid,
  framesIncomplete: one.framesIncomplete + other.framesIncomplete,
  framesUndecodable: one.framesUndecodable + other.framesUndecodable,
  framesBeforeKeyFrame: one.framesBeforeKeyFrame + other.framesBeforeKeyFrame,
  packetsMalformed: one.packetsMalformed + other.packetsMalformed,
  framesWithoutParameterSets: (one.framesWithoutParameterSets ?? 0) + (other.framesWithoutParameterSets ?? 0),
});

/** Why no frame came of packets. */
export function whyNoFrame(codec: Codec, counts: FrameCounts): string {
  const { framesIncomplete, framesUndecodable, framesBeforeKeyFrame, packetsMalformed } = counts;
  const frames = framesIncomplete + framesUndecodable + framesBeforeKeyFrame;
  const name = CODECS[codec].name;
  if ((counts.framesWithoutParameterSets ?? 0) > 0)
    return `it has no parameter sets (SPS and PPS), neither in its packets nor in its SDP, without which ${name} cannot be decoded`;
  if (packetsMalformed > 0 && packetsMalformed >= frames)
    return `${packetsMalformed} of its packets are not valid ${name}: they are another codec, or encrypted`;
  const facts = [
    ...(framesBeforeKeyFrame > 0 ? [`${framesBeforeKeyFrame} come before any key frame`] : []),
    ...(framesIncomplete > 0 ? [`${framesIncomplete} have missing packets`] : []),
    ...(framesUndecodable > 0 ? [`${framesUndecodable} depend on one that does`] : []),
  ];
  return facts.length === 0 ? `no frame of ${name} is whole` : `no frame can be decoded: ${facts.join(', ')}`;
}
