import { encodeOpus } from '@rawreel/fixtures';
import { describe, expect, test } from 'vitest';
import type { MixPacket } from '../../src/mix/mix-source.ts';
import { FRAME, heard, rms } from './support/heard.ts';

const PACKETS = 150;

/** Speech, which begins at `atMs` and runs `ppm` fast. */
async function spoken(
  application: 'audio' | 'voip',
  bitrate: number,
  { atMs = 0, ppm = 0 }: { atMs?: number; ppm?: number } = {},
): Promise<MixPacket[]> {
  const { packets } = await encodeOpus({
    ...{ ...SOUND, hz: 140, background: 0.01, application, bitrate },
    speech: [{ fromMs: 0, toMs: 3000 }],
  });
  return laid(packets, atMs, ppm);
}

async function beeps(application: 'audio' | 'voip', bitrate: number, hz: number, ppm: number) {
  const { packets } = await encodeOpus({ ...SOUND, hz, background: 0, application, bitrate });
  return laid(packets, 0, ppm);
}

const SOUND = { startMs: 0, channels: 1, trueRate: 48_000, frameMs: 20, packets: PACKETS } as const;

function laid(packets: readonly Uint8Array[], atMs: number, ppm: number): MixPacket[] {
  const rate = 1 - ppm * 1e-6;
  return packets.map((bytes, index) => ({
    ...{ atMs: atMs + index * 20 * rate, rate, bytes, lossBefore: 0, continues: index > 0 },
  }));
}

/** µs by which the sound at 16 kHz comes after that at 48 kHz, where they are most alike; to a tenth of a sample. */
function lateness(at16: Float32Array, at48: Float32Array): number {
  const likeness = (shift: number) => {
    let sum = 0;
    for (let at = 3200; at < 40_000; at++) sum += (at16[at] ?? 0) * (at48[3 * at - shift] ?? 0);
    return sum;
  };
  const shifts = Array.from({ length: 61 }, (_, index) => index - 30);
  const best = shifts.reduce((a, b) => (likeness(b) > likeness(a) ? b : a));
  const [before, peak, after] = [likeness(best - 1), likeness(best), likeness(best + 1)];
  return ((best + (before - after) / (2 * (before - 2 * peak + after))) * 1e3) / 48;
}

describe.each([
  ['audio', 64_000],
  ['voip', 32_000],
  ['voip', 16_000],
] as const)('decoded at 16 kHz, %s at %i bit/s', (application, bitrate) => {
  const both = async (source: readonly MixPacket[]) => {
    const at48 = await heard(source, PACKETS * FRAME + 9600);
    const at16 = await heard(source, (PACKETS * FRAME) / 3 + 3200, { sampleRate: 16_000, window: 16_000 });
    return [at16, at48] as const;
  };

  test.each([
    ['at the zero', {}],
    ['between two samples', { atMs: 40.49 }],
    ['where a clock runs 150 ppm fast', { atMs: 40.49, ppm: 150 }],
    ['where a clock runs 150 ppm slow', { ppm: -150 }],
  ])('speech that begins %s stands where it does at 48 kHz, within a sample and a half', async (_, place) => {
    const [at16, at48] = await both(await spoken(application, bitrate, place));
    expect(Math.abs(lateness(at16, at48))).toBeLessThan(1.5 * 62.5);
    expect(rms(at16, 8000, 40_000) / rms(at48, 24_000, 120_000)).toBeCloseTo(1, 1);
  });

  test('losses are concealed, and long ones silent, for as long as at 48 kHz', async () => {
    const lossy = (await spoken(application, bitrate)).flatMap((one, index) => {
      if ((index >= 30 && index < 32) || (index >= 80 && index < 110)) return [];
      return [{ ...one, lossBefore: index === 32 ? 2 : index === 110 ? 30 : 0 }];
    });
    const [at16, at48] = await both(lossy);
    const silent = (pcm: Float32Array, samplesPerMs: number) => {
      const at = Array.from({ length: 2900 }, (_, ms) =>
        rms(pcm, ms * samplesPerMs, (ms + 1) * samplesPerMs),
      );
      return at.flatMap((level, ms) => (level === 0 ? [ms] : []));
    };
    expect(silent(at48, 48).length).toBeGreaterThan(300);
    expect(silent(at16, 16)).toEqual(silent(at48, 48));
  });

  test.each([0, 150])(
    'tones that 16 kHz holds are as loud, others leave nothing, %i ppm fast',
    async (ppm) => {
      for (const hz of [3000, 6500, 9000, 11_000, 14_000]) {
        const [at16, at48] = await both(await beeps(application, bitrate, hz, ppm));
        // Within the beep of 60 ms at the second whole second.
        const [level, whole] = [rms(at16, 16 * 2015, 16 * 2050), rms(at48, 48 * 2015, 48 * 2050)];
        if (hz > 8000) expect(20 * Math.log10(level)).toBeLessThan(-40);
        else expect(Math.abs(20 * Math.log10(level / whole))).toBeLessThan(0.5);
      }
    },
  );
});
