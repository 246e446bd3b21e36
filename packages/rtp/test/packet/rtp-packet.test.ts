import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRtpPacket, RtpPacket } from '../../src/packet/rtp-packet.ts';
import { parseVideoOrientation } from '../../src/packet/video-orientation.ts';

const FIXED = [
  ...[0x80], // V=2, no padding, no extension, no CSRC
  ...[0xe0], // marker, payload type 96
  ...[0xff, 0xfe], // sequence 65534
  ...[0xff, 0xff, 0xff, 0x10], // timestamp
  ...[0xde, 0xad, 0xbe, 0xef], // SSRC
];

function packet(first: number, ...rest: number[]): Uint8Array {
  return new Uint8Array([first, ...FIXED.slice(1), ...rest]);
}

function parsed(bytes: Uint8Array): RtpPacket {
  const result = parseRtpPacket(bytes);
  if (!(result instanceof RtpPacket)) throw new Error(`fault ${result}`);
  return result;
}

describe('rtp packet', () => {
  test('rtp · a copy has bytes of its own, of a Buffer too', () => {
    const bytes = Buffer.from([0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 7]);
    const packet = parseRtpPacket(bytes);
    if (typeof packet === 'string') throw new Error(packet);
    const copy = packet.copy();
    bytes.fill(0);
    expect([copy.payloadType, copy.ssrc, ...copy.payload]).toEqual([96, 3, 7]);
  });

  test('rtp · reads the fixed header and looks at the payload without copying', () => {
    const bytes = packet(0x80, 1, 2, 3);
    const view = parsed(bytes);
    expect([view.marker, view.payloadType, view.sequence, view.timestamp, view.ssrc]).toEqual([
      true,
      96,
      65534,
      0xffffff10,
      0xdeadbeef,
    ]);
    expect([...view.payload]).toEqual([1, 2, 3]);
    expect(view.payload.buffer).toBe(bytes.buffer);
    expect([view.csrcCount, view.paddingLength, view.paddingOnly]).toEqual([0, 0, false]);
    expect([view.extensionProfile, view.extension(1), view.csrc(0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('rtp · works on a view inside a larger buffer', () => {
    const outer = new Uint8Array([9, 9, 9, ...FIXED, 7, 8, 9]);
    const view = parsed(outer.subarray(3, 3 + 13));
    expect([view.ssrc, ...view.payload]).toEqual([0xdeadbeef, 7]);
  });

  test('rtp · skips CSRCs, extension and padding', () => {
    const view = parsed(
      packet(
        0x80 | 0x20 | 0x10 | 2, // padding, extension, 2 CSRCs
        ...[0, 0, 0, 1],
        ...[0xff, 0, 0, 2],
        ...[0x12, 0x34], // a profile that is not RFC 8285's
        ...[0, 1], // one word
        ...[0x10, 0xaa, 0, 0],
        ...[5, 6], // payload
        ...[0, 0, 3], // padding, 3 bytes of it
      ),
    );
    expect([view.csrc(0), view.csrc(1), view.csrc(2), view.csrc(-1)]).toEqual([
      1,
      0xff000002,
      undefined,
      undefined,
    ]);
    expect([view.extensionProfile, view.extension(1)]).toEqual([0x1234, undefined]);
    expect([[...view.payload], view.payloadLength, view.paddingLength]).toEqual([[5, 6], 2, 3]);
  });

  test('rtp · knows padding from an empty payload', () => {
    expect(parsed(packet(0xa0, 0, 0, 3))).toMatchObject({ paddingOnly: true, payloadLength: 0 });
    expect(parsed(packet(0x80))).toMatchObject({ paddingOnly: false, payloadLength: 0 });
    expect(parsed(packet(0xa0, 1, 1))).toMatchObject({ paddingOnly: false, payloadLength: 1 });
  });

  test.each([
    ['short-header', new Uint8Array(FIXED.slice(0, 11))],
    ['short-header', new Uint8Array(0)],
    ['wrong-version', packet(0x40, 1)],
    ['wrong-version', packet(0x00, 1)],
    ['wrong-version', packet(0xc0, 1)],
    ['csrc-overrun', packet(0x81, 0, 0, 0)],
    ['extension-overrun', packet(0x90, 0xbe, 0xde, 0)],
    ['extension-overrun', packet(0x90, 0xbe, 0xde, 0, 2, 0, 0, 0, 0)],
    ['padding-overrun', packet(0xa0)],
    ['padding-overrun', packet(0xa0, 0, 3)],
    ['padding-overrun', packet(0xb0, 0xbe, 0xde, 0, 0, 2)],
    ['padding-zero', packet(0xa0, 1, 0)],
    ['rtcp', new Uint8Array([0x80, 200, 0, 0])],
    ['rtcp', new Uint8Array([0x81, 223, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('rtp · names the fault: %s', (fault, bytes) => {
    expect(parseRtpPacket(bytes)).toBe(fault);
  });

  test('rtp · payload types beside the RTCP range are RTP', () => {
    const types = [191, 224].map((second) => new Uint8Array([0x80, second, ...FIXED.slice(2)]));
    expect(types.map((bytes) => parsed(bytes).payloadType)).toEqual([63, 96]);
  });

  test('rtp · finds one-byte extension elements between padding', () => {
    const view = parsed(
      packet(
        0x90,
        ...[0xbe, 0xde, 0, 3],
        ...[0x22, 1, 2, 3], // id 2, 3 bytes
        ...[0x00], // padding
        ...[0xd0, 0x01], // id 13, 1 byte
        ...[0x00],
        ...[0xf0, 0x11], // id 15 ends it
        ...[0x30, 0x12], // never reached
        ...[7],
      ),
    );
    expect([...(view.extension(2) ?? [])]).toEqual([1, 2, 3]);
    expect([...(view.extension(13) ?? [])]).toEqual([1]);
    expect([view.extension(3), view.extension(0), view.extension(15)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([...view.payload]).toEqual([7]);
  });

  test('rtp · finds two-byte extension elements, empty ones and ids above 14 too', () => {
    const view = parsed(
      packet(
        0x90,
        ...[0x10, 0x05, 0, 3], // application bits 5
        ...[0x01, 0x00], // id 1, empty
        ...[0x00], // padding
        ...[0xc8, 0x02, 8, 9], // id 200, 2 bytes
        ...[0x0f, 0x01, 4], // id 15, 1 byte
        ...[0x00, 0x00],
      ),
    );
    expect(view.extension(1)).toEqual(new Uint8Array(0));
    expect([...(view.extension(200) ?? [])]).toEqual([8, 9]);
    expect([...(view.extension(15) ?? [])]).toEqual([4]);
    expect(view.extension(0)).toBeUndefined();
  });

  test('rtp · does not follow an extension element beyond the extension', () => {
    const oneByte = parsed(packet(0x90, 0xbe, 0xde, 0, 1, 0x10, 5, 0x23, 6, 9, 9, 9, 9));
    expect([[...(oneByte.extension(1) ?? [])], oneByte.extension(2)]).toEqual([[5], undefined]);
    const twoByte = parsed(packet(0x90, 0x10, 0x00, 0, 1, 0x01, 0x04, 5, 6, 9, 9));
    expect(twoByte.extension(1)).toBeUndefined();
    const cut = parsed(packet(0x90, 0x10, 0x00, 0, 1, 0x00, 0x00, 0x00, 0x07));
    expect(cut.extension(7)).toBeUndefined();
  });

  test('rtp · random bytes never throw, and what is found lies inside the packet', () => {
    const almost = fc
      .tuple(fc.integer({ min: 0x80, max: 0xbf }), fc.uint8Array({ maxLength: 80 }))
      .map(([first, rest]) => new Uint8Array([first, ...rest]));
    const extended = fc
      .tuple(fc.constantFrom(0xbede, 0x1000, 0x100f), fc.nat(6), fc.uint8Array({ maxLength: 40 }))
      .map(([profile, words, rest]) => packet(0x90, profile >> 8, profile & 255, 0, words, ...rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), almost, extended), (bytes) => {
        const result = parseRtpPacket(bytes);
        if (!(result instanceof RtpPacket)) return;
        expect(result.payloadOffset).toBeLessThanOrEqual(result.payloadEnd);
        expect(result.payloadEnd + result.paddingLength).toBe(bytes.length);
        for (let id = 0; id < 256; id++) {
          const data = result.extension(id);
          if (data !== undefined)
            expect(data.byteOffset + data.length).toBeLessThanOrEqual(result.payloadOffset);
        }
      }),
    );
  });
});

describe('video orientation', () => {
  test.each([
    [0b0000_0000, 0],
    [0b0000_0001, 90],
    [0b0000_0010, 180],
    [0b0000_0011, 270],
    [0b0000_1101, 90], // back camera, mirrored
  ])('video orientation · %i is %i degrees', (byte, degrees) => {
    expect(parseVideoOrientation(new Uint8Array([byte]))).toBe(degrees);
  });

  test('video orientation · is unknown without data', () => {
    expect(parseVideoOrientation(new Uint8Array(0))).toBeUndefined();
  });
});
