import {
  MediaStream,
  parseRtcpCompound,
  parseRtpPacket,
  parseSessionDescription,
  RtpdumpError,
  RtpdumpReader,
} from '@rawreel/rtp';
import { check, magnitude, type Target } from '../target.ts';

const isInside = (view: Uint8Array, whole: Uint8Array): boolean =>
  view.buffer === whole.buffer &&
  view.byteOffset >= whole.byteOffset &&
  view.byteOffset + view.byteLength <= whole.byteOffset + whole.byteLength;

const rtp: Target = {
  name: 'rtp',
  run(input) {
    const packet = parseRtpPacket(input);
    if (typeof packet === 'string') return packet;
    check(isInside(packet.payload, input), 'a payload is a view into its packet');
    check(packet.sequence >= 0 && packet.sequence < 65_536, 'a sequence number has 16 bits');
    const extensions = Array.from({ length: 256 }, (_, id) => packet.extension(id)).filter(
      (data) => data !== undefined,
    );
    for (const data of extensions) check(isInside(data, input), 'an extension is a view into its packet');
    return `${magnitude(packet.payload.length)} ${extensions.length} ${packet.marker}`;
  },
};

const rtcp: Target = {
  name: 'rtcp',
  run(input) {
    const { packets, senderReports, trailingBytes } = parseRtcpCompound(input);
    check(senderReports.length <= packets, 'a report is a packet');
    check(trailingBytes >= 0 && trailingBytes <= input.length, 'what trails is part of the input');
    for (const report of senderReports) check(Number.isFinite(report.ntpMs), 'NTP time is a number');
    return `${packets} ${senderReports.length} ${magnitude(trailingBytes)}`;
  },
};

const sdp: Target = {
  name: 'sdp',
  run(input) {
    const { kind, payloadTypes, formats, extensions } = parseSessionDescription(
      Buffer.from(input).toString('latin1'),
    );
    for (const payloadType of payloadTypes)
      check(payloadType >= 0 && payloadType < 128, 'a payload type has 7 bits');
    for (const { clockRate } of formats.values())
      check(clockRate >= 0 && Number.isFinite(clockRate), 'a clock rate is a number');
    return `${kind} ${payloadTypes.length} ${formats.size} ${extensions.size}`;
  },
};

/** The whole way from dump bytes to packets in order. */
const rtpdump: Target = {
  name: 'rtpdump',
  run(input) {
    const reader = new RtpdumpReader();
    const stream = new MediaStream({ codec: 'vp8', clockRate: 90_000 });
    let packets = 0;
    let last = { run: -1, sequence: 0 };
    const take = () => {
      for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) {
        packets++;
        check(packet.payload.length > 0, 'a media packet has a payload');
        check(packet.lossBefore >= 0, 'loss is a count');
        check(
          packet.run > last.run || (packet.run === last.run && packet.sequence > last.sequence),
          'sequence goes up',
        );
        last = packet;
      }
    };
    const drain = () => {
      for (let record = reader.next(); record !== undefined; record = reader.next()) {
        stream.push(record);
        take();
      }
    };
    try {
      const half = input.length >> 1;
      for (const chunk of [input.subarray(0, half), input.subarray(half)]) {
        reader.push(chunk);
        drain();
      }
      reader.end();
      drain();
    } catch (error) {
      if (!(error instanceof RtpdumpError)) throw error;
      return error.code;
    }
    stream.flush();
    take();
    const { received, lost, malformed, foreign } = stream.statistics;
    const records = reader.rtpRecords + reader.rtcpRecords;
    check(reader.bytesConsumed <= input.length, 'nothing is read twice');
    check(packets <= records, 'a record gives at most one packet');
    return [packets, received, lost, malformed, foreign, stream.runs.length, reader.truncatedBytes]
      .map(magnitude)
      .join();
  },
};

export const readers: readonly Target[] = [rtpdump, rtp, rtcp, sdp];
