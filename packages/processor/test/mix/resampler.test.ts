import { describe, expect, test } from 'vitest';
import type { Sound } from '../../src/mix/mix-source.ts';
import { Resampler } from '../../src/mix/resampler.ts';

const tone = (hz: number, rate: number, from: number, length: number): Float32Array =>
  new Float32Array(length).map((_, index) => Math.sin((2 * Math.PI * hz * (from + index) * rate) / 48_000));

/** Pushes a tone in packets of 20 ms; what comes out, joined. */
function resampled(hz: number, rate: number, at: number, packets: number): { at: number; pcm: Float32Array } {
  const sounds: Sound[] = [];
  const resampler = new Resampler(1, (sound) => sounds.push(sound));
  resampler.start(at);
  for (let packet = 0; packet < packets; packet++) resampler.push([tone(hz, rate, packet * 960, 960)], rate);
  resampler.flush();
  const first = sounds[0]?.at ?? Number.NaN;
  let next = first;
  for (const sound of sounds) {
    expect(sound.at).toBe(next);
    next += sound.channels[0]?.length ?? 0;
  }
  const pcm = new Float32Array(next - first);
  for (const { at: place, channels } of sounds) pcm.set(channels[0] ?? [], place - first);
  return { at: first, pcm };
}

describe('resampling', () => {
  test.each([200, -200, 500])(
    'a clock that is %i ppm off · a tone keeps its pitch on the other clock',
    (ppm) => {
      const rate = 1 + ppm * 1e-6;
      const { at, pcm } = resampled(1000, rate, 100.25, 500);
      expect(at).toBe(101);
      expect(pcm.length).toBe(Math.ceil(100.25 + 480_000 * rate) - 101);
      let error = 0;
      for (let index = 20; index < pcm.length - 20; index++) {
        const expected = Math.sin((2 * Math.PI * 1000 * (at + index - 100.25)) / 48_000);
        error = Math.max(error, Math.abs(expected - (pcm[index] ?? 0)));
      }
      expect(error).toBeLessThan(0.002);
    },
  );

  test('clocks that agree, on the grid · the very samples come out', () => {
    const sounds: Sound[] = [];
    const resampler = new Resampler(1, (sound) => sounds.push(sound));
    const samples = tone(440, 1, 0, 960);
    resampler.start(48);
    resampler.push([samples], 1);
    expect(sounds).toEqual([{ at: 48, channels: [samples] }]);
    expect(sounds[0]?.channels[0]).toBe(samples);
  });

  test('a clock that begins to drift within a stream · nothing is heard twice, and nothing is missing', () => {
    const sounds: Sound[] = [];
    const resampler = new Resampler(1, (sound) => sounds.push(sound));
    resampler.start(0);
    for (let packet = 0; packet < 100; packet++)
      resampler.push([tone(1000, 1, packet * 960, 960)], packet < 50 ? 1 : 1.0001);
    resampler.flush();
    let next = 0;
    let last = 0;
    for (const { at, channels } of sounds) {
      expect(at).toBe(next);
      for (const sample of channels[0] ?? []) {
        expect(Math.abs(sample - last)).toBeLessThan(0.14);
        last = sample;
      }
      next += channels[0]?.length ?? 0;
    }
    expect(next).toBe(Math.ceil(48_000 + 48_000 * 1.0001));
  });
});
