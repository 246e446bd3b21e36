import { encodeOpus } from '@rawreel/fixtures';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MixPacket } from '../../src/mix/mix-source.ts';
import { FRAME, heard, padded, rms } from './support/heard.ts';

const encoded: Record<'audio' | 'voip', readonly Uint8Array[]> = { audio: [], voip: [] };

beforeAll(async () => {
  const sound = { startMs: 0, channels: 1, hz: 500, trueRate: 48_000, background: 0.3 } as const;
  for (const [application, bitrate] of [
    ['audio', 64_000],
    ['voip', 24_000],
  ] as const) {
    const { packets } = await encodeOpus({ ...sound, frameMs: 20, packets: 100, bitrate, application });
    encoded[application] = packets;
  }
});

const packet = (index: number, more: Partial<MixPacket> = {}): MixPacket => ({
  atMs: index * 20,
  rate: 1,
  bytes: encoded.audio[index] ?? new Uint8Array(),
  lossBefore: 0,
  continues: index > 0,
  ...more,
});

const packets = (from: number, to: number): MixPacket[] =>
  Array.from({ length: to - from }, (_, index) => packet(from + index));

const difference = (a: Float32Array, b: Float32Array): number =>
  a.findIndex((sample, index) => Math.abs(sample - (b[index] ?? 0)) > 1e-6);

/** Loud enough to be sound, in a recording whose noise is at 0.17. */
const SOUND = 0.05;

describe('a track’s sound', () => {
  test('packets without a gap · sound without a seam, whatever the windows', async () => {
    const whole = await heard(packets(0, 50), 50 * FRAME);
    for (let frame = 1; frame < 49; frame++)
      expect(rms(whole, frame * FRAME, frame * FRAME + 120)).toBeGreaterThan(SOUND);
    expect(difference(whole, await heard(packets(0, 50), 50 * FRAME, { window: 1001 }))).toBe(-1);
  });

  test('three lost packets · are concealed', async () => {
    const pcm = await heard(
      [...packets(0, 20), packet(23, { lossBefore: 3 }), ...packets(24, 40)],
      40 * FRAME,
    );
    for (let frame = 20; frame < 23; frame++)
      expect(rms(pcm, frame * FRAME, (frame + 1) * FRAME)).toBeGreaterThan(0.005);
  });

  describe.each(['audio', 'voip'] as const)('digital silence between beeps, %s', (application) => {
    let source: readonly MixPacket[] = [];

    beforeAll(async () => {
      const sound = { startMs: 0, channels: 1, hz: 500, trueRate: 48_000, background: 0 } as const;
      const made = await encodeOpus({ ...sound, frameMs: 20, packets: 250, bitrate: 24_000, application });
      source = made.packets.map((bytes, index) =>
        packet(index, {
          bytes,
          level: made.pcm.subarray(index * FRAME, (index + 1) * FRAME).every((sample) => sample === 0)
            ? 127
            : 9,
        }),
      );
    });

    const unmarked = (marked: readonly MixPacket[]) => marked.map((one) => ({ ...one, level: undefined }));
    const most = (pcm: Float32Array) => pcm.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

    test('sounds as if it were decoded, to −90 dBFS', async () => {
      const decoded = await heard(unmarked(source), 250 * FRAME);
      const skipped = await heard(source, 250 * FRAME);
      expect(most(decoded)).toBeGreaterThan(SOUND);
      expect(most(skipped.map((sample, index) => sample - (decoded[index] ?? 0)))).toBeLessThan(
        10 ** (-90 / 20),
      );
    });

    test('is not decoded: what its packets would sound like is not heard', async () => {
      const beep = source[1]?.bytes ?? new Uint8Array();
      // Far from the beeps at 2 s and 3 s, and no larger than silence is.
      const spoilt = source.map((one, index) =>
        index >= 112 && index < 126 ? { ...one, bytes: beep.subarray(0, one.bytes.length) } : one,
      );
      const [from, to] = [112 * FRAME, 126 * FRAME];
      expect(most((await heard(spoilt, 250 * FRAME)).subarray(from, to))).toBeLessThan(1e-4);
      expect(most((await heard(unmarked(spoilt), 250 * FRAME)).subarray(from, to))).toBeGreaterThan(1e-3);
    });

    test('a sender that says so of everything, in packets of one size, is heard but for the first moment', async () => {
      const size = 3 + Math.max(...source.map(({ bytes }) => bytes.length));
      const equal = source.map((one) => ({ ...one, bytes: padded(one.bytes, size) }));
      const decoded = await heard(unmarked(equal), 250 * FRAME);
      const claimed = await heard(
        equal.map((one) => ({ ...one, level: 127 })),
        250 * FRAME,
      );
      const same = [50, 100, 150, 200].filter((beep) => {
        const [from, to] = [beep * FRAME, (beep + 3) * FRAME];
        return Math.abs(rms(claimed, from, to) - rms(decoded, from, to)) < 1e-4;
      });
      expect(same.length).toBeGreaterThanOrEqual(3);
    });

    test('a sender that says so of everything is heard all the same', async () => {
      const decoded = await heard(unmarked(source), 250 * FRAME);
      const claimed = await heard(
        source.map((one) => ({ ...one, level: 127 })),
        250 * FRAME,
      );
      for (const beep of [50, 100, 150, 200])
        expect(rms(claimed, beep * FRAME, (beep + 3) * FRAME)).toBeCloseTo(
          rms(decoded, beep * FRAME, (beep + 3) * FRAME),
          4,
        );
    });
  });

  test('a second of loss · is concealed for 200 ms, then silent', async () => {
    const pcm = await heard(
      [...packets(0, 20), packet(70, { lossBefore: 50 }), ...packets(71, 80)],
      80 * FRAME,
    );
    expect(rms(pcm, 20 * FRAME, 21 * FRAME)).toBeGreaterThan(0.005);
    expect(rms(pcm, 30 * FRAME, 70 * FRAME)).toBe(0);
    expect(rms(pcm, 71 * FRAME, 72 * FRAME)).toBeGreaterThan(SOUND);
  });

  test('a pause of DTX · is silent to the sample, without clicks at its edges', async () => {
    const pcm = await heard([...packets(0, 20), ...packets(60, 80)], 80 * FRAME);
    expect(rms(pcm, 20 * FRAME, 60 * FRAME)).toBe(0);
    expect(Math.abs(pcm[20 * FRAME - 1] ?? 1)).toBeLessThan(0.005);
    expect(Math.abs(pcm[60 * FRAME] ?? 1)).toBeLessThan(0.005);
    expect(rms(pcm, 61 * FRAME, 62 * FRAME)).toBeGreaterThan(SOUND);
  });

  test.each(['audio', 'voip'] as const)(
    'DTX · what %s says after a pause is not dulled by the bare TOC byte that began it',
    async (mode) => {
      const own = (index: number, more: Partial<MixPacket> = {}) =>
        packet(index, { bytes: encoded[mode][index] ?? Uint8Array.of(0), ...more });
      const word = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, index) => own(from + index));
      const bare = own(20, { bytes: own(19).bytes.slice(0, 1) });
      const pcm = await heard([...word(0, 20), bare, ...word(40, 60)], 60 * FRAME);
      const plain = await heard([...word(0, 20), ...word(40, 60)], 60 * FRAME);
      expect(rms(pcm, 41 * FRAME, 42 * FRAME)).toBeGreaterThan(SOUND);
      expect(difference(pcm, plain)).toBe(-1);
    },
  );

  test('DTX · what a bare TOC byte says of its place is said of the packet after it', async () => {
    const bare = packet(0, { bytes: Uint8Array.of(0x78), continues: false, lossBefore: 2 });
    const after = packets(50, 70).map((one, index) => ({ ...one, continues: index > 0 }));
    const before = packets(0, 20);
    const pcm = await heard(
      [...before, { ...bare, atMs: 980 }, ...after.map((one) => ({ ...one, continues: true }))],
      70 * FRAME,
    );
    expect(difference(pcm, await heard([...before, ...after], 70 * FRAME))).toBe(-1);
  });

  test('background noise that an encoder refreshes every 400 ms of DTX · is not heard as a pulse, speech is', async () => {
    const pause = [packet(40), packet(41), packet(61), packet(81)];
    const pcm = await heard([...packets(0, 20), ...pause, ...packets(95, 100)], 100 * FRAME);
    expect(rms(pcm, 20 * FRAME, 95 * FRAME)).toBe(0);
    expect(rms(pcm, 96 * FRAME, 99 * FRAME)).toBeGreaterThan(SOUND);
    const word = await heard([...packets(0, 20), ...packets(40, 50), ...packets(80, 90)], 90 * FRAME);
    expect(rms(word, 40 * FRAME, 50 * FRAME)).toBeGreaterThan(SOUND);
  });

  test.each(['audio', 'voip'] as const)('a new run of %s · does not know of the one before', async (mode) => {
    const own = (one: MixPacket, index: number) => ({ ...one, bytes: encoded[mode][index] ?? one.bytes });
    const before = packets(0, 20).map(own);
    const after = packets(50, 70).map((one, index) => ({ ...own(one, index + 50), continues: index > 0 }));
    const alone = await heard(after, 70 * FRAME);
    const pcm = await heard([...before, ...after], 70 * FRAME);
    expect(rms(pcm, 51 * FRAME, 52 * FRAME)).toBeGreaterThan(SOUND);
    expect(difference(pcm.subarray(20 * FRAME), alone.subarray(20 * FRAME))).toBe(-1);
  });

  test('packets that overlap · what was there first is heard, and nothing is later for it', async () => {
    const early = packets(20, 40).map((one) => ({ ...one, atMs: one.atMs - 8 }));
    const pcm = await heard([...packets(0, 20), ...early], 40 * FRAME);
    const plain = await heard(packets(0, 40), 40 * FRAME);
    expect(difference(pcm.subarray(0, 19 * FRAME), plain.subarray(0, 19 * FRAME))).toBe(-1);
    const [from, to] = [21 * FRAME, 39 * FRAME];
    expect(difference(pcm.subarray(from - 8 * 48, to - 8 * 48), plain.subarray(from, to))).toBe(-1);
  });

  test.each([
    ['that breaks the rules', Uint8Array.of(0xfb)],
    ['larger than any encoder makes', new Uint8Array(5000).fill(0xfb, 0, 1).fill(48, 1, 2)],
  ])('a packet %s · is silence, and the next ones are in their place', async (_name, bytes) => {
    const broken = packet(20, { bytes });
    const pcm = await heard([...packets(0, 20), broken, ...packets(21, 40)], 40 * FRAME);
    expect(rms(pcm, 20 * FRAME, 21 * FRAME)).toBe(0);
    expect(rms(pcm, 22 * FRAME, 39 * FRAME)).toBeGreaterThan(SOUND);
  });

  test('a clock that is no clock · packets are laid one by one', async () => {
    const slow = packets(0, 20).map((one) => ({ ...one, atMs: one.atMs * 3, rate: 3 }));
    const pcm = await heard(slow, 60 * FRAME);
    for (let frame = 1; frame < 19; frame++) {
      expect(rms(pcm, frame * 3 * FRAME, (frame * 3 + 1) * FRAME)).toBeGreaterThan(SOUND);
      expect(rms(pcm, (frame * 3 + 1) * FRAME, (frame * 3 + 3) * FRAME)).toBe(0);
    }
  });
});
