import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opusChannels, opusDurationTicks, opusFrameTicks } from '../../../src/codecs/opus/opus-packet.ts';
import { hex } from '../packets.ts';

/** RFC 6716 table 2, ms of one frame, row by row. */
const TABLE_2_MS = [
  ...[10, 20, 40, 60], // SILK-only, narrowband
  ...[10, 20, 40, 60], // SILK-only, medium band
  ...[10, 20, 40, 60], // SILK-only, wideband
  ...[10, 20], // hybrid, super-wideband
  ...[10, 20], // hybrid, fullband
  ...[2.5, 5, 10, 20], // CELT-only, narrowband
  ...[2.5, 5, 10, 20], // CELT-only, wideband
  ...[2.5, 5, 10, 20], // CELT-only, super-wideband
  ...[2.5, 5, 10, 20], // CELT-only, fullband
];

describe('opus packet', () => {
  it('takes the frame duration of all 32 configurations from the TOC byte', () => {
    expect(TABLE_2_MS.map((_, config) => opusFrameTicks(config << 3))).toEqual(
      TABLE_2_MS.map((ms) => ms * 48),
    );
  });

  it('reads the stereo bit', () => {
    expect([opusChannels(0x78), opusChannels(0x7c)]).toEqual([1, 2]);
  });

  it.each([
    // TOC: config 15 (hybrid, 20 ms), mono, code 0; witnessed: DTX in a Chromium recording
    ['78', 960],
    // TOC: config 1 (SILK narrowband, 20 ms), mono, code 0; 3 bytes of one frame; invented
    ['08 0b e4 c1', 960],
    // TOC: config 31 (CELT fullband, 20 ms), stereo, code 1: two frames of 1 byte; invented
    ['fd aa bb', 1920],
    // code 1 without bytes: two frames of none; invented
    ['fd', 1920],
    // code 2: first frame 1 byte, second the 2 that are left; invented
    ['fe 01 aa bb bb', 1920],
    // code 2: first frame of 252 + 4 × 1 = 256 bytes, second of none; invented
    [`fe fc 01 ${'aa '.repeat(256)}`, 1920],
    // code 3, CBR, M = 3 frames of 1 byte; config 28: 2.5 ms; invented
    ['e3 03 aa bb cc', 360],
    // code 3, VBR, M = 2: sizes 1 and what is left, 2; invented
    ['fb 82 01 aa bb bb', 1920],
    // code 3, padding of 2 bytes, M = 1 frame of 1 byte; invented
    ['fb 41 02 aa 00 00', 960],
    // code 3, padding of 254 + 1 bytes, M = 1 frame of 1 byte; invented
    [`fb 41 ff 01 aa ${'00 '.repeat(255)}`, 960],
    // code 3, M = 48 frames of 2.5 ms = 120 ms, all empty; invented
    ['e3 30', 5760],
  ])('%s lasts %d ticks', (packet, ticks) => {
    expect(opusDurationTicks(hex(packet))).toBe(ticks);
  });

  it.each([
    ['R1: an empty packet', ''],
    ['R2: one frame of 1,276 bytes', `78 ${'aa '.repeat(1276)}`],
    ['R2: two frames of 1,276 bytes', `79 ${'aa '.repeat(2552)}`],
    ['R3: code 1 with an odd number of bytes', 'fd aa'],
    ['R4: code 2 without a size', 'fe'],
    ['R4: code 2 whose second size byte is missing', 'fe fc'],
    ['R4: code 2 whose first frame is longer than the packet', 'fe 03 aa bb'],
    ['R5: code 3 without its count', 'fb'],
    ['R5: code 3 of no frames', 'fb 00'],
    ['R5: code 3 of 140 ms', 'fb 07'],
    ['R5: 49 frames of 2.5 ms, 122.5 ms', 'e3 31'],
    ['R6: CBR bytes that the count does not divide', 'fb 02 aa bb cc'],
    ['R6: more padding than packet', 'fb 41 05 aa'],
    ['R6: padding length without an end', 'fb 41 ff ff'],
    ['R7: VBR without all its sizes', 'fb 83 01'],
    ['R7: VBR sizes beyond the packet', 'fb 82 05 aa'],
  ])('refuses %s', (_, packet) => {
    expect(opusDurationTicks(hex(packet))).toBeUndefined();
  });

  it('finds the duration of whatever a packer puts together', () => {
    const bytes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { minLength: 1, maxLength: 6 });
    const padding = fc.option(fc.nat({ max: 700 }), { nil: undefined });
    // Configurations of at most 20 ms, so that six frames stay within 120 ms.
    const config = fc.constantFrom(...TABLE_2_MS.flatMap((ms, index) => (ms <= 20 ? [index] : [])));
    fc.assert(
      fc.property(config, bytes, padding, (index, frames, pad) => {
        expect(opusDurationTicks(packVbr(index, frames, pad))).toBe(
          (TABLE_2_MS[index] ?? 0) * 48 * frames.length,
        );
      }),
    );
  });

  it('never throws, and never says more than 120 ms or anything but whole frames', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (packet) => {
        const ticks = opusDurationTicks(packet);
        if (ticks === undefined) return;
        expect(ticks).toBeLessThanOrEqual(5760);
        expect(ticks % opusFrameTicks(packet[0] ?? 0)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Code 3 with VBR sizes and optional padding, RFC 6716 §3.2.5. */
function packVbr(config: number, frames: readonly Uint8Array[], padding: number | undefined): Uint8Array {
  const packet = [(config << 3) | 3, 0x80 | (padding === undefined ? 0 : 0x40) | frames.length];
  if (padding !== undefined) {
    let left = padding;
    for (; left >= 255; left -= 254) packet.push(255);
    packet.push(left);
  }
  for (const { length } of frames.slice(0, -1)) {
    if (length < 252) packet.push(length);
    else packet.push(252 + (length & 3), (length - (252 + (length & 3))) / 4);
  }
  for (const frame of frames) packet.push(...frame);
  return Uint8Array.from([...packet, ...new Array<number>(padding ?? 0).fill(0)]);
}
