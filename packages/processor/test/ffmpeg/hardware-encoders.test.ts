import { expect, test } from 'vitest';
import { hardwareEncodersOf, tryEncoder } from '../../src/ffmpeg/hardware-encoders.ts';

test('of all encoders those of graphics chips', () => {
  expect(hardwareEncodersOf({ encoders: ['libx264', 'h264_qsv', 'aac', 'h264_nvenc'] })).toEqual([
    'h264_nvenc',
    'h264_qsv',
  ]);
});

test('an encoder is one that encodes', async () => {
  expect([await tryEncoder('libx264'), await tryEncoder('h264_of_nobody')]).toEqual([true, false]);
});

test('an abort ends the trial', async () => {
  const controller = new AbortController();
  const tried = tryEncoder('libx264', undefined, controller.signal);
  controller.abort();
  expect(await tried).toBe(false);
});
