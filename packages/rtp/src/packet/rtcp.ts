/** Sender's pair of clocks (RFC 3550 §6.4.1). */
export interface SenderReport {
  readonly ssrc: number;
  /** The sender's wall clock, unix ms with a fraction. */
  readonly ntpMs: number;
  /** The same moment on the media clock, 32 bits. */
  readonly rtpTimestamp: number;
}

export interface RtcpCompound {
  /** Reports with a wall clock; a sender without one writes 0. */
  readonly senderReports: readonly SenderReport[];
  /** RTCP packets of any type; 0 where the bytes are no RTCP. */
  readonly packets: number;
  /** Bytes behind the last whole RTCP packet. */
  readonly trailingBytes: number;
}

const HEADER = 4;
const SENDER_REPORT = 200;
/** Header, SSRC, NTP time, RTP timestamp, packet and octet count. */
const SENDER_INFO_END = 28;
const REPORT_BLOCK = 24;
/** Seconds between the NTP epoch (1900) and the unix epoch. */
const NTP_TO_UNIX = 2_208_988_800;

/** Whether the bytes start like RTCP: on one port with RTP, packet types 192 to 223 belong to it (RFC 5761 §4). */
export function isRtcp(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER) return false;
  const type = bytes[1] as number;
  return (bytes[0] as number) >> 6 === 2 && type >= 192 && type <= 223;
}

/**
 * Compound RTCP packet (RFC 3550 §6.1), reduced-size ones (RFC 5506) too.
 *
 * ```
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|   RC    |   PT=SR=200   |   length in words, minus one  |
 * |                         SSRC of sender                        |
 * |              NTP timestamp, most significant word             |
 * |             NTP timestamp, least significant word             |
 * |                         RTP timestamp                         |
 * |                     sender's packet count                     |
 * |                      sender's octet count                     |
 * |                 RC report blocks of 24 bytes ...              |
 * ```
 *
 * Stops at the first thing that is no RTCP packet and counts the rest. Never throws.
 */
export function parseRtcpCompound(bytes: Uint8Array): RtcpCompound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const senderReports: SenderReport[] = [];
  let packets = 0;
  let at = 0;
  while (isRtcp(bytes.subarray(at))) {
    const end = at + 4 * (view.getUint16(at + 2) + 1);
    if (end > bytes.length) break;
    if (view.getUint8(at + 1) === SENDER_REPORT) {
      const report = readSenderReport(view, at, end);
      if (report !== undefined) senderReports.push(report);
    }
    packets++;
    at = end;
  }
  return { senderReports, packets, trailingBytes: bytes.length - at };
}

function readSenderReport(view: DataView, at: number, end: number): SenderReport | undefined {
  const blocks = view.getUint8(at) & 0x1f;
  if (at + SENDER_INFO_END + blocks * REPORT_BLOCK > end) return undefined;
  const seconds = view.getUint32(at + 8);
  const fraction = view.getUint32(at + 12);
  if (seconds === 0 && fraction === 0) return undefined;
  return {
    ssrc: view.getUint32(at + 4),
    ntpMs: ntpToUnixMs(seconds, fraction),
    rtpTimestamp: view.getUint32(at + 16),
  };
}

/** 64-bit NTP time as unix ms. Seconds without their top bit are of the era that begins in 2036 (RFC 4330 §3). */
export function ntpToUnixMs(seconds: number, fraction: number): number {
  const era = seconds >= 0x80000000 ? 0 : 0x100000000;
  return (seconds + era - NTP_TO_UNIX) * 1000 + (fraction / 0x100000000) * 1000;
}
