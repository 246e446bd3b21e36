import { describe, expect, test } from 'vitest';
import { checkSilence, type SoundNeed, soundNeedOf } from '../../src/jobs/sound-need.ts';
import type { PlacedTrack } from '../../src/read/placed-track.ts';

const HOUR_MS = 3_600_000;

/** A voice that is heard in runs of ten minutes that begin at these hours, with a packet every 400 ms as in DTX. */
const voice = (userId: string, hours: readonly number[]): PlacedTrack =>
  ({
    track: { userId },
    codec: 'opus',
    runs: hours.map((hour) => ({ startMs: hour * HOUR_MS, endMs: hour * HOUR_MS + 600_000, packets: 1500 })),
  }) as unknown as PlacedTrack;

const need = (
  tracks: readonly PlacedTrack[],
  format: 'mp3' | 'wav' = 'mp3',
  layout: 'mono' | 'per-user' = 'mono',
) => soundNeedOf({ format, layout, zeroUnixMs: 0 }, tracks);

describe('silence of a mix', () => {
  test('an afternoon with a word before and after · is always allowed', () => {
    expect(need([voice('alice', [0, 3.8])]).bytes).toBe(0);
    expect(need([voice('alice', [0]), voice('bob', [3.5])], 'wav', 'per-user').bytes).toBe(0);
  });

  test('days in which somebody speaks all along · are as allowed', () => {
    const hours = Array.from({ length: 6 * 72 }, (_, index) => index / 6);
    expect(need([voice('alice', hours)]).silentMs).toBeLessThan(1000);
  });

  test('a day in which nobody speaks · counts as what it takes in the file, for each channel', () => {
    const apart = [voice('alice', [0]), voice('bob', [24])];
    const seconds = (24 * HOUR_MS - 600_000 - 4 * HOUR_MS) / 1000;
    expect(need(apart).bytes).toBeCloseTo(seconds * 12_000);
    expect(need(apart, 'wav').bytes).toBeCloseTo(seconds * 96_000);
    expect(need(apart, 'wav', 'per-user').bytes).toBeCloseTo(seconds * 192_000);
  });

  test('more than there is room for · an error that says how much it would be', () => {
    const much: SoundNeed = { lengthMs: 24 * HOUR_MS, silentMs: 23 * HOUR_MS, bytes: 820_800_000 };
    expect(() => checkSilence('mix.mp3', much, 820_800_000)).not.toThrow();
    expect(() => checkSilence('mix.mp3', much, 820_799_999)).toThrow(
      expect.objectContaining({
        code: 'ERR_TOO_MUCH_SILENCE',
        message: 'mix.mp3 would last 24:00:00, of which 23:00:00 are silence: about 821 MB of filler',
        hint: expect.stringContaining('--max-output 1G'),
      }),
    );
  });
});
