import { CODECS } from '@rawreel/rtp';
import type { DumpPackets } from '../read/dump-packets.ts';

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
