import { audioLevel, encodeOpus } from '@rawreel/fixtures';
import { beforeAll, describe, expect, test } from 'vitest';
import { gatedShare, trackGate } from '../../src/mix/gate.ts';
import type { MixPacket } from '../../src/mix/mix-source.ts';
import { FRAME, heard, padded, rms } from './support/heard.ts';

const PACKETS = 300;
const SAMPLES = PACKETS * FRAME;
/** Seconds at which a beep of 60 ms begins, or of 120 ms. */
const BEEPS = [1, 2, 3, 4, 5];

const dbfs = (level: number): number => 20 * Math.log10(level);

const most = (pcm: Float32Array): number => pcm.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

const unlike = (a: Float32Array, b: Float32Array): Float32Array =>
  a.map((sample, at) => sample - (b[at] ?? 0));

/** Beeps at −10 dBFS over noise of −55 dBov, each packet with its level. */
async function beeps(application: 'audio' | 'voip', bitrate: number): Promise<MixPacket[]> {
  const { packets, pcm } = await encodeOpus({
    ...{ startMs: 0, channels: 1, hz: 500, trueRate: 48_000, background: 0.003 },
    ...{ frameMs: 20, packets: PACKETS, application, bitrate },
  });
  return packets.map((bytes, index) => ({
    ...{ atMs: index * 20, rate: 1, bytes, lossBefore: 0, continues: index > 0 },
    level: audioLevel(pcm, index * FRAME, (index + 1) * FRAME),
  }));
}

const saying = (source: readonly MixPacket[], level: number | undefined) =>
  source.map((one) => ({ ...one, level }));

describe.each([
  ['audio', 64_000],
  ['audio', 24_000],
  ['voip', 32_000],
  ['voip', 16_000],
] as const)('a gate at −50 dBov over noise of −55, %s at %i bit/s', (application, bitrate) => {
  let source: readonly MixPacket[] = [];
  let whole: Float32Array = new Float32Array();
  let gated: Float32Array = new Float32Array();
  const gate = trackGate(-50);

  beforeAll(async () => {
    source = await beeps(application, bitrate);
    whole = await heard(source, SAMPLES);
    gated = await heard(source, SAMPLES, { gate });
  });

  test('what is heard after the decoder has run up is what it would have decoded', () => {
    for (const second of BEEPS) {
      const [from, to] = [second * 48_000, second * 48_000 + 4 * FRAME];
      expect(dbfs(rms(whole, from, to))).toBeGreaterThan(-16);
      const error = dbfs(rms(unlike(gated, whole), from, to));
      expect(error).toBeLessThan(-55);
    }
  });

  test('between words it is silent, and about 80 ms around them are heard', () => {
    for (const second of BEEPS) {
      const beep = second * 48_000;
      expect(most(gated.subarray(beep - 25 * FRAME, beep - 5 * FRAME))).toBe(0);
      expect(rms(gated, beep - 4 * FRAME, beep)).toBeGreaterThan(rms(whole, beep - 4 * FRAME, beep) / 2);
      expect(rms(gated, beep + 6 * FRAME, beep + 8 * FRAME)).toBeGreaterThan(0);
    }
    expect(gatedShare(gate)).toBeCloseTo(gated.filter((sample) => sample === 0).length / SAMPLES, 1);
    expect(gatedShare(gate)).toBeGreaterThan(0.7);
  });

  test('neither opening nor shutting clicks: nothing is louder, or steeper, than the noise', () => {
    const steep = (pcm: Float32Array) => most(pcm.map((sample, at) => sample - (pcm[at - 1] ?? sample)));
    for (const second of BEEPS) {
      const beep = second * 48_000;
      for (const [from, to] of [
        [beep - 6 * FRAME, beep - FRAME / 2],
        [beep + 9 * FRAME, beep + 14 * FRAME],
      ]) {
        const [noise, after] = [whole.subarray(from, to), gated.subarray(from, to)];
        expect(most(after)).toBeLessThan(1.5 * most(noise));
        expect(steep(after)).toBeLessThan(1.5 * steep(noise));
      }
    }
  });

  test('windows make no difference', async () => {
    const other = await heard(source, SAMPLES, { gate: trackGate(-50), window: 1001 });
    expect(most(unlike(other, gated))).toBe(0);
  });

  test('packets that say nothing of their level are decoded', async () => {
    const all = trackGate(-50);
    expect(most(unlike(await heard(saying(source, undefined), SAMPLES, { gate: all }), whole))).toBe(0);
    expect(gatedShare(all)).toBe(0);
  });

  test('a packet lost while it is shut is silence', async () => {
    const lossy = source.flatMap((one, index) => {
      if (index === 75) return [];
      return [index === 76 ? { ...one, lossBefore: 1 } : one];
    });
    const pcm = await heard(lossy, SAMPLES, { gate: trackGate(-50) });
    expect(most(pcm.subarray(72 * FRAME, 80 * FRAME))).toBe(0);
  });

  test.each([60, 127])('a sender that says −%i dBov of everything loses no word', async (level) => {
    const share = trackGate(-50);
    const pcm = await heard(saying(source, level), SAMPLES, { gate: share });
    for (const second of BEEPS) {
      const [from, to] = [second * 48_000, second * 48_000 + 4 * FRAME];
      expect(dbfs(rms(pcm, from, to))).toBeCloseTo(dbfs(rms(whole, from, to)), 0);
    }
    expect(gatedShare(share)).toBeLessThan(0.2);
  });
});

test('a sender that says so in packets of one size is heard but for the first word', async () => {
  const spoken = await encodeOpus({
    ...{ startMs: 0, channels: 1, hz: 140, trueRate: 48_000, background: 0.003 },
    ...{ frameMs: 20, packets: PACKETS, application: 'voip', bitrate: 24_000 },
    speech: [{ fromMs: 3000, toMs: 5500 }],
  });
  const size = 3 + Math.max(...spoken.packets.map(({ length }) => length));
  const source = spoken.packets.map((bytes, index) => ({
    ...{ atMs: index * 20, rate: 1, bytes: padded(bytes, size), lossBefore: 0, continues: index > 0 },
    level: 60,
  }));
  const whole = await heard(saying(source, undefined), SAMPLES);
  const gated = await heard(source, SAMPLES, { gate: trackGate(-50) });
  const [from, to] = [190 * FRAME, 275 * FRAME];
  expect(dbfs(rms(whole, from, to))).toBeGreaterThan(-30);
  expect(most(gated.subarray(100 * FRAME, 120 * FRAME))).toBe(0);
  expect(dbfs(rms(gated, from, to))).toBeCloseTo(dbfs(rms(whole, from, to)), 0);
});
