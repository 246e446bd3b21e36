import { CODECS, type Codec, type DepacketizerStatistics } from '@rawreel/rtp';
import type { DumpPackets } from './dump-packets.ts';

/** Counts of what became of packets, and for H264 of frames whose parameter sets never came. */
export type FrameCounts = Readonly<DepacketizerStatistics> & {
  readonly framesWithoutParameterSets?: number | undefined;
};

export const sumOfCounts = (one: FrameCounts, other: FrameCounts): FrameCounts => ({
  framesEmitted: one.framesEmitted + other.framesEmitted,
  framesInvalid: one.framesInvalid + other.framesInvalid,
  framesIncomplete: one.framesIncomplete + other.framesIncomplete,
  framesUndecodable: one.framesUndecodable + other.framesUndecodable,
  framesBeforeKeyFrame: one.framesBeforeKeyFrame + other.framesBeforeKeyFrame,
  packetsMalformed: one.packetsMalformed + other.packetsMalformed,
  framesWithoutParameterSets: (one.framesWithoutParameterSets ?? 0) + (other.framesWithoutParameterSets ?? 0),
});

/**
 * Why a dump has no packet of its track's media although something was sent; undefined where nothing was: no RTP record, or
 * nothing but padding.
 */
export function whyNoPacket({ reader, stream, codec, description }: DumpPackets): string | undefined {
  const { malformed, cut, empty } = stream.statistics;
  const { rtpRecords, rtcpRecords } = reader;
  const records = rtpRecords + rtcpRecords;
  if (malformed > 0 && malformed >= rtpRecords - empty) {
    if (cut === malformed) return `all of its ${malformed} RTP records were cut short by the capture`;
    return `${malformed} of its ${records} records are neither RTP nor RTCP`;
  }
  const seen = [...stream.payloadTypes()];
  if (seen.length === 0) return undefined;
  const sent = seen.reduce((sum, [, count]) => sum + count, 0);
  const types = seen.map(([payloadType]) =>
    described(payloadType, description?.formats.get(payloadType)?.name),
  );
  return `none of its ${sent} RTP packets is ${CODECS[codec].name}: they have payload type ${types.join(', ')}`;
}

const described = (payloadType: number, name: string | undefined): string =>
  name === undefined ? String(payloadType) : `${payloadType} (${name})`;

/** Why no frame came of packets. */
export function whyNoFrame(codec: Codec, counts: FrameCounts): string {
  const { framesIncomplete, framesUndecodable, framesBeforeKeyFrame, packetsMalformed } = counts;
  const frames = framesIncomplete + framesUndecodable + framesBeforeKeyFrame;
  const name = CODECS[codec].name;
  if ((counts.framesWithoutParameterSets ?? 0) > 0)
    return `it has no parameter sets (SPS and PPS), neither in its packets nor in its SDP, without which ${name} cannot be decoded`;
  if (packetsMalformed > 0 && packetsMalformed >= frames)
    return `${packetsMalformed} of its packets are no valid ${name}: they are of another codec, or encrypted`;
  const facts = [
    ...(framesBeforeKeyFrame > 0 ? [`${framesBeforeKeyFrame} come before any key frame`] : []),
    ...(framesIncomplete > 0 ? [`${framesIncomplete} lack packets`] : []),
    ...(framesUndecodable > 0 ? [`${framesUndecodable} are built on one that does`] : []),
  ];
  return facts.length === 0 ? `no frame of ${name} is whole` : `no frame can be decoded: ${facts.join(', ')}`;
}
