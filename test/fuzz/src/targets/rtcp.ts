import { isRtcp, parseRtcpCompound } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { bucket, type Target } from '../engine/target.ts';

/** 1900 to 1970 in seconds, and the length of an NTP era. */
const UNIX_EPOCH = 2_208_988_800;
const ERA = 2 ** 32;

/** Compound packets against a walk of their own lengths. */
export const rtcpTarget: Target = {
  name: 'rtcp',
  maxLength: 4096,
  words: [Uint8Array.of(0x80, 200, 0, 6), Uint8Array.of(0x81, 201, 0, 7), Uint8Array.of(0x81, 202, 0, 2)],
  run(bytes, observation) {
    const { senderReports, packets, trailingBytes } = parseRtcpCompound(bytes);
    const expected = walk(bytes);
    check(packets === expected.packets, () => `${packets} packets of ${expected.packets}`);
    check(trailingBytes === bytes.length - expected.end, () => `${trailingBytes} bytes behind`);
    check(isRtcp(bytes) || packets === 0, 'packets in what is no RTCP');
    check(senderReports.length === expected.reports.length, () => `${senderReports.length} sender reports`);
    for (const [index, { ssrc, ntpMs, rtpTimestamp }] of senderReports.entries()) {
      const report = expected.reports[index];
      check(
        ssrc === report?.ssrc && rtpTimestamp === report.rtpTimestamp,
        'a report of another source or time',
      );
      check(Math.abs(ntpMs - report.unixMs) < 1e-3, () => `${ntpMs} instead of ${report.unixMs}`);
    }
    observation.output(senderReports.length);
    observation.feature('compound', bucket(packets) * 32 + bucket(senderReports.length));
    observation.feature('trailing', bucket(trailingBytes));
    for (const type of expected.types) observation.feature('type', type);
  },
};

function walk(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const reports: { ssrc: number; rtpTimestamp: number; unixMs: number }[] = [];
  const types: number[] = [];
  let at = 0;
  while (at + 4 <= buffer.length) {
    const type = buffer.readUInt8(at + 1);
    const words = buffer.readUInt16BE(at + 2);
    if (buffer.readUInt8(at) >> 6 !== 2 || type < 192 || type > 223) break;
    if (at + 4 + 4 * words > buffer.length) break;
    types.push(type);
    // Header, sender information and blocks of six words each must fit.
    const needed = 6 + 6 * (buffer.readUInt8(at) % 32);
    if (type === 200 && words >= needed) {
      const seconds = buffer.readUInt32BE(at + 8);
      const fraction = buffer.readUInt32BE(at + 12);
      const era = seconds < 2 ** 31 ? ERA : 0;
      const unixMs = (seconds + era - UNIX_EPOCH) * 1000 + (fraction * 1000) / ERA;
      const report = {
        ssrc: buffer.readUInt32BE(at + 4),
        rtpTimestamp: buffer.readUInt32BE(at + 16),
        unixMs,
      };
      if (seconds !== 0 || fraction !== 0) reports.push(report);
    }
    at += 4 + 4 * words;
  }
  return { reports, types, packets: types.length, end: at };
}
