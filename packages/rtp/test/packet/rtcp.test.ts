import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRtcp, ntpToUnixMs, parseRtcpCompound } from '../../src/packet/rtcp.ts';

const SENDER_REPORT = [
  ...[0x80, 0xc8, 0x00, 0x06], // V=2, no blocks, SR, 7 words
  ...[0x11, 0x22, 0x33, 0x44], // SSRC
  ...[0xe9, 0x3b, 0x88, 0x00], // NTP seconds 3912992768: 1704003968 unix
  ...[0x80, 0x00, 0x00, 0x00], // NTP fraction: a half
  ...[0xff, 0xff, 0xff, 0xf0], // RTP timestamp
  ...[0x00, 0x00, 0x00, 0x0d], // packets
  ...[0x00, 0x00, 0x05, 0x14], // octets
];
const SOURCE_DESCRIPTION = [0x81, 0xca, 0x00, 0x02, 0x11, 0x22, 0x33, 0x44, 0x01, 0x01, 0x61, 0x00];
const REPORT = { ssrc: 0x11223344, ntpMs: 1704003968500, rtpTimestamp: 0xfffffff0 };

function withFirstByte(first: number, bytes: readonly number[]): number[] {
  return [first, ...bytes.slice(1)];
}

describe('rtcp', () => {
  test('rtcp · reads the sender report of a compound', () => {
    expect(parseRtcpCompound(new Uint8Array([...SENDER_REPORT, ...SOURCE_DESCRIPTION]))).toEqual({
      senderReports: [REPORT],
      packets: 2,
      trailingBytes: 0,
    });
  });

  test('rtcp · finds a sender report behind other packets, and every one', () => {
    const bytes = new Uint8Array([...SOURCE_DESCRIPTION, ...SENDER_REPORT, ...SENDER_REPORT]);
    expect(parseRtcpCompound(bytes).senderReports).toEqual([REPORT, REPORT]);
  });

  test('rtcp · keeps what is whole before garbage and counts the rest', () => {
    const garbage = [0x12, 0xff, 0x00, 0x80, 0x01];
    expect(parseRtcpCompound(new Uint8Array([...SENDER_REPORT, ...garbage]))).toEqual({
      senderReports: [REPORT],
      packets: 1,
      trailingBytes: 5,
    });
  });

  test.each([
    ['a report that ends early', SENDER_REPORT.slice(0, 27), 0, 27],
    ['another version', withFirstByte(0x40, SENDER_REPORT), 0, 28],
    ['a type outside of 192 to 223', [0x80, 0xe0, 0, 0], 0, 4],
    ['no byte', [], 0, 0],
    ['report blocks that are not there', withFirstByte(0x81, SENDER_REPORT), 1, 0],
    ['a sender without a wall clock', SENDER_REPORT.map((byte, i) => (i >= 8 && i < 16 ? 0 : byte)), 1, 0],
  ])('rtcp · takes no report from %s', (_, bytes, packets, trailingBytes) => {
    expect(parseRtcpCompound(new Uint8Array(bytes))).toEqual({ senderReports: [], packets, trailingBytes });
  });

  test('rtcp · puts NTP times of both eras on one line', () => {
    expect(ntpToUnixMs(2_208_988_800, 0)).toBe(0);
    expect(ntpToUnixMs(0xffffffff, 0)).toBe(2_085_978_495_000);
    expect(ntpToUnixMs(0, 0x80000000)).toBe(2_085_978_496_500);
  });

  test('rtcp · fractions keep their sub-millisecond part', () => {
    expect(ntpToUnixMs(3_912_992_768, 0x00418937) - 1_704_003_968_000).toBeCloseTo(1, 3);
  });

  test('rtcp · random bytes never throw and are all accounted for', () => {
    const packets = fc.array(
      fc.oneof(
        fc.constant(SENDER_REPORT),
        fc.constant(SOURCE_DESCRIPTION),
        fc.array(fc.nat(255), { maxLength: 9 }),
      ),
    );
    fc.assert(
      fc.property(packets, (parts) => {
        const bytes = new Uint8Array(parts.flat());
        const result = parseRtcpCompound(bytes);
        const consumed = bytes.length - result.trailingBytes;
        expect(consumed % 4).toBe(0);
        expect(consumed).toBeGreaterThanOrEqual(4 * result.packets);
        expect(result.senderReports.length).toBeLessThanOrEqual(result.packets);
        if (result.packets > 0) expect(isRtcp(bytes)).toBe(true);
      }),
    );
  });
});
