import type { Call, Packet, Report, Segment } from '../simulate/call.ts';

const LINE = '#!rtpplay1.0 192.0.2.1/5004\n';
const FILE_HEADER = 16;
const RECORD_HEADER = 8;
/** RTP header, TOC byte or whatever a picture begins with, and the packet's index in its segment. */
const PACKET = 12 + 5;
/** A sender report without report blocks. */
const REPORT = 28;
/** Opus: 20 ms of CELT in one frame, mono (RFC 6716 §3.1). */
const OPUS_20_MS = 31 << 3;
const PAYLOAD_TYPE = { audio: 111, video: 96 } as const;
/** Seconds between the NTP epoch (1900) and the unix epoch. */
const NTP_TO_UNIX = 2_208_988_800;

export const SDP = {
  audio: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n',
  video: 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n',
} as const;

/** An rtpdump of a segment as the server would have written it; undefined where nothing arrived. */
export function dumpBytes(
  { packets, reports }: Segment,
  kind: 'audio' | 'video',
  serverMs: Call['serverMs'],
): Uint8Array | undefined {
  const firstMs = Math.min(firstOf(packets), firstOf(reports));
  if (firstMs === Number.POSITIVE_INFINITY) return undefined;
  const startMs = Math.floor(serverMs(firstMs));
  const bytes = new Uint8Array(
    LINE.length +
      FILE_HEADER +
      packets.length * (RECORD_HEADER + PACKET) +
      reports.length * (RECORD_HEADER + REPORT),
  );
  const view = new DataView(bytes.buffer);
  new TextEncoder().encodeInto(LINE, bytes);
  let at = LINE.length;
  view.setUint32(at, Math.floor(startMs / 1000));
  view.setUint32(at + 4, (startMs % 1000) * 1000);
  at += FILE_HEADER;
  const begin = (length: number, isReport: boolean, arrivedMs: number) => {
    view.setUint16(at, RECORD_HEADER + length);
    view.setUint16(at + 2, isReport ? 0 : length);
    view.setUint32(at + 4, Math.floor(serverMs(arrivedMs)) - startMs);
    at += RECORD_HEADER + length;
    return at - length;
  };
  const arrivedReports = reports.toSorted((a, b) => a.arrivedMs - b.arrivedMs);
  let next = 0;
  const reportsBy = (untilMs: number) => {
    for (let report = arrivedReports[next]; report !== undefined; report = arrivedReports[next]) {
      if (report.arrivedMs > untilMs) return;
      writeReport(view, begin(REPORT, true, report.arrivedMs), report);
      next++;
    }
  };
  for (const index of orderOfArrival(packets)) {
    const packet = packets[index] as Packet;
    reportsBy(packet.arrivedMs);
    writePacket(view, begin(PACKET, false, packet.arrivedMs), packet, index, kind);
  }
  reportsBy(Number.POSITIVE_INFINITY);
  return bytes;
}

const firstOf = (records: readonly { readonly arrivedMs: number }[]): number =>
  records.reduce((first, { arrivedMs }) => Math.min(first, arrivedMs), Number.POSITIVE_INFINITY);

const orderOfArrival = (packets: readonly Packet[]): Uint32Array =>
  Uint32Array.from(packets.keys()).sort(
    (a, b) => (packets[a] as Packet).arrivedMs - (packets[b] as Packet).arrivedMs,
  );

function writePacket(
  view: DataView,
  at: number,
  packet: Packet,
  index: number,
  kind: 'audio' | 'video',
): void {
  view.setUint8(at, 0x80);
  view.setUint8(at + 1, PAYLOAD_TYPE[kind] | (packet.marker ? 0x80 : 0));
  view.setUint16(at + 2, packet.sequence);
  view.setUint32(at + 4, packet.timestamp);
  view.setUint32(at + 8, packet.ssrc);
  view.setUint8(at + 12, kind === 'audio' ? OPUS_20_MS : 0x10);
  view.setUint32(at + 13, index);
}

/** The packet's index in its segment. */
export const indexIn = (payload: Uint8Array): number =>
  ((payload[1] as number) << 24) |
  ((payload[2] as number) << 16) |
  ((payload[3] as number) << 8) |
  (payload[4] as number);

function writeReport(view: DataView, at: number, report: Report): void {
  view.setUint8(at, 0x80);
  view.setUint8(at + 1, 200);
  view.setUint16(at + 2, REPORT / 4 - 1);
  view.setUint32(at + 4, report.ssrc);
  const seconds = Math.floor(report.ntpMs / 1000);
  view.setUint32(at + 8, seconds + NTP_TO_UNIX);
  view.setUint32(at + 12, Math.floor((report.ntpMs / 1000 - seconds) * 2 ** 32));
  view.setUint32(at + 16, report.timestamp);
}
