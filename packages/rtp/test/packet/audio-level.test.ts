import { describe, expect, test } from 'vitest';
import { parseAudioLevel } from '../../src/packet/audio-level.ts';
import { parseRtpPacket, RtpPacket } from '../../src/packet/rtp-packet.ts';

/** An RTP packet around a header extension, of the payload `7`. */
const packet = (...extension: number[]): Uint8Array =>
  new Uint8Array([
    ...[0x90, 111], // version 2, X; payload type
    ...[0, 1], // sequence number
    ...[0, 0, 3, 0xc0], // timestamp
    ...[0, 0, 0, 0xa], // SSRC
    ...extension,
    7,
  ]);

describe('audio level', () => {
  test.each([
    ['as loud as can be, no voice', 0b0_0000000, { level: 0, voice: false }],
    ['as loud as can be, voice', 0b1_0000000, { level: 0, voice: true }],
    ['-30 dBov, voice', 0b1_0011110, { level: 30, voice: true }],
    ['silence', 0b0_1111111, { level: 127, voice: false }],
    ['silence that is taken for voice', 0b1_1111111, { level: 127, voice: true }],
  ])('audio level · %s', (_, byte, expected) => {
    expect(parseAudioLevel(Uint8Array.of(byte))).toEqual(expected);
  });

  test.each([
    [
      'a one-byte element',
      [
        ...[0xbe, 0xde, 0, 1], // one-byte form, 1 word
        ...[0x10, 0x9e], // id 1, 1 byte: V, 30
        ...[0, 0], // padding
      ],
    ],
    [
      'a two-byte element',
      [
        ...[0x10, 0x00, 0, 1], // two-byte form, 1 word
        ...[0x01, 0x01, 0x9e], // id 1, 1 byte: V, 30
        ...[0], // padding
      ],
    ],
    [
      'a two-byte element with a byte of padding of its own',
      [
        ...[0x10, 0x00, 0, 1], // two-byte form, 1 word
        ...[0x01, 0x02, 0x9e, 0], // id 1, 2 bytes: V, 30; 0
      ],
    ],
    [
      'behind another element',
      [
        ...[0xbe, 0xde, 0, 2], // one-byte form, 2 words
        ...[0x22, 1, 2, 3], // id 2, 3 bytes
        ...[0x10, 0x9e], // id 1, 1 byte: V, 30
        ...[0, 0], // padding
      ],
    ],
  ])('audio level · is found in %s', (_, extension) => {
    const view = parseRtpPacket(packet(...extension)) as RtpPacket;
    expect(view).toBeInstanceOf(RtpPacket);
    expect(parseAudioLevel(view.extension(1) as Uint8Array)).toEqual({ level: 30, voice: true });
    expect([...view.payload]).toEqual([7]);
  });

  test('audio level · is unknown where its element is empty', () => {
    const extension = [
      ...[0x10, 0x00, 0, 1], // two-byte form, 1 word
      ...[0x01, 0x00], // id 1, no data
      ...[0, 0], // padding
    ];
    const view = parseRtpPacket(packet(...extension)) as RtpPacket;
    expect(parseAudioLevel(view.extension(1) as Uint8Array)).toBeUndefined();
  });
});
