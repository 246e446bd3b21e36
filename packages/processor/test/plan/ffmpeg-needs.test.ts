import { expect, test } from 'vitest';
import { ffmpegNeedsOf, type PlanRequest } from '../../src/index.ts';

test.each<[PlanRequest, boolean, readonly string[]]>([
  [{ outputs: ['audio', 'video', 'muxed'] }, false, []],
  [{ outputs: ['muxed'], muxed: { container: 'mp4' } }, true, []],
  [{ outputs: ['audio'], muxed: { container: 'mp4' } }, false, []],
  [{ outputs: ['mix'] }, true, ['libmp3lame']],
  [{ outputs: ['mix'], mix: { format: 'wav' } }, false, []],
  [{ outputs: ['mix'], mix: { format: 'mkv' } }, true, ['flac']],
  [{ outputs: ['mix', 'transcription'], mix: { format: 'mkv', bitrateKbps: 64 } }, true, ['libopus', 'flac']],
  [{ outputs: ['mix', 'transcription'], mix: { format: 'flac' } }, true, ['flac']],
  [{ outputs: ['composite'] }, true, ['aac', 'libx264']],
  [{ outputs: ['composite'], composite: { format: 'webm' } }, true, ['libopus', 'libvpx-vp9']],
  [{ outputs: ['composite'], composite: { encoder: 'h264_nvenc' } }, true, ['aac', 'h264_nvenc']],
  [{ outputs: ['composite'], composite: { film: false } }, false, []],
  [{ outputs: ['editor'] }, true, ['aac', 'libx264']],
  [{ outputs: ['editor'], editor: { codec: 'prores' } }, true, ['prores_ks']],
  [{ outputs: ['podcast'] }, true, ['flac', 'libmp3lame']],
  [{ outputs: ['podcast'], podcast: { stems: 'wav', format: 'm4a' } }, true, ['aac']],
])('%j needs ffmpeg: %s, with %j', (request, program, encoders) => {
  expect(ffmpegNeedsOf(request, false)).toEqual({ program, encoders });
  expect(ffmpegNeedsOf(request, true)).toEqual({ program: true, encoders });
});
