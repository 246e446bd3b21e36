import type { MatroskaFrame } from '@rawreel/matroska';
import { type CodedFrame, opusDurationTicks, opusHead } from '@rawreel/rtp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AudioTimeline, type AudioTimelineOptions } from '../../src/write/audio-timeline.ts';
import { joined } from '../support/joined.ts';

const parameters = { codec: 'opus', channels: 1, codecPrivate: opusHead({ channels: 1 }) } as const;

/** Frame durations in samples and the TOC byte of a CELT-only fullband or SILK packet that lasts so long. */
const TOC = new Map([
  [120, 28 << 3],
  [240, 29 << 3],
  [480, 30 << 3],
  [960, 31 << 3],
  [2880, 11 << 3],
]);

function frame(rtpTicks: number, durationTicks = 960, lossBefore = 0): CodedFrame {
  const bytes = Uint8Array.of(TOC.get(durationTicks) ?? 0, 1, 2, 3);
  return {
    run: 0,
    rtpTicks,
    receivedMs: 0,
    durationTicks,
    keyFrame: true,
    chunks: [bytes],
    byteLength: 4,
    lossBefore,
    parameters,
    rotation: 0,
  };
}

function timeline(options: Partial<AudioTimelineOptions> = {}) {
  const written: MatroskaFrame[] = [];
  const audio = new AudioTimeline({
    channels: 1,
    gaps: 'fill',
    dtx: 'fill',
    write: (one) => written.push(one),
    ...options,
  });
  return { audio, written };
}

const decodedSamples = (written: readonly MatroskaFrame[]) =>
  written.reduce((sum, frame) => sum + (opusDurationTicks(joined(frame)) ?? Number.NaN), 0);

describe('audio timeline', () => {
  test('contiguous packets pass as they are, and the last one says its duration', () => {
    const { audio, written } = timeline();
    for (let index = 0; index < 3; index++) audio.add(frame(0), index * 960, 'none');
    audio.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 20, 40]);
    expect(written.map(({ durationMs }) => durationMs)).toEqual([undefined, undefined, 20]);
  });

  test('DTX · 400 ms of silence become 20 packets of one byte with the TOC before it', () => {
    const { audio, written } = timeline();
    audio.add(frame(0), 0, 'none');
    audio.add(frame(0), 960 + 400 * 48, 'none');
    audio.finish();
    expect(written).toHaveLength(22);
    expect(written[1]?.chunks).toEqual([Uint8Array.of(31 << 3)]);
    expect(audio.summary.concealed).toEqual({ dtxMs: 400, lossMs: 0, silenceMs: 0 });
    expect(audio.summary.gaps).toEqual([]);
  });

  test('DTX after 60 ms packets · the rest is filled in shorter frames of the same mode', () => {
    const { audio, written } = timeline();
    audio.add(frame(0, 2880), 0, 'none');
    audio.add(frame(0, 960), 2880 + 100 * 48, 'none');
    audio.finish();
    expect(written.slice(1, -1).map(({ chunks }) => opusDurationTicks(chunks[0] as Uint8Array))).toEqual([
      2880, 1920,
    ]);
  });

  test('DTX kept · nothing is written and the time stands in the timestamps', () => {
    const { audio, written } = timeline({ dtx: 'keep' });
    audio.add(frame(0), 0, 'none');
    audio.add(frame(0), 960 + 400 * 48, 'none');
    audio.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 420]);
  });

  test('mute gap · digital silence; kept: none', () => {
    for (const gaps of ['fill', 'keep'] as const) {
      const { audio, written } = timeline({ gaps });
      audio.add(frame(0), 0, 'before-start');
      audio.add(frame(0), 960 + 5000 * 48, 'between-segments');
      audio.finish();
      expect(written).toHaveLength(gaps === 'fill' ? 252 : 2);
      expect(audio.summary.gaps).toEqual([
        {
          startMs: 20,
          endMs: 5020,
          reason: 'between-segments',
          filledWith: gaps === 'fill' ? 'silence' : 'nothing',
        },
      ]);
    }
  });

  test('loss · concealed for 200 ms, silent beyond, and told when long', () => {
    const { audio, written } = timeline();
    audio.add(frame(0), 0, 'none');
    audio.add(frame(0, 960, 25), 960 + 25 * 960, 'none');
    audio.finish();
    expect(decodedSamples(written)).toBe(27 * 960);
    expect(audio.summary.concealed).toEqual({ dtxMs: 0, lossMs: 200, silenceMs: 300 });
    expect(audio.summary.gaps).toEqual([{ startMs: 20, endMs: 520, reason: 'loss', filledWith: 'silence' }]);
  });

  test('overlap · what comes twice is trimmed', () => {
    const { audio, written } = timeline();
    for (let index = 0; index < 10; index++) audio.add(frame(0), index * 960, 'none');
    for (let index = 5; index < 15; index++)
      audio.add(frame(0), index * 960, index === 5 ? 'between-segments' : 'none');
    audio.finish();
    expect(written).toHaveLength(15);
    expect(audio.summary.trimmedMs).toBe(100);
  });

  test('any mix of durations, DTX, loss and mutes decodes to the samples of the time it spans', () => {
    const step = fc.record({
      duration: fc.constantFrom(...TOC.keys()),
      gap: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
      ),
      lost: fc.integer({ min: 0, max: 5 }),
      boundary: fc.constantFrom(
        'none' as const,
        'none' as const,
        'between-segments' as const,
        'source-silent' as const,
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const { audio, written } = timeline();
        let at = 0;
        for (const { duration, gap, lost, boundary } of steps) {
          at += gap;
          audio.add(frame(0, duration, gap > 0 ? lost : 0), at, boundary);
          at += duration;
        }
        audio.finish();
        const samples = decodedSamples(written);
        expect(at - samples).toBeGreaterThanOrEqual(0);
        expect(at - samples).toBeLessThan(120);
        const times = written.map(({ timestampMs }) => timestampMs);
        expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
      }),
    );
  });
});
