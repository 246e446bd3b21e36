import { describe, expect, test } from 'vitest';
import type { ByteSink } from '../src/byte-sink.ts';
import { MatroskaError, type MatroskaErrorCode } from '../src/matroska-error.ts';
import type { MatroskaFrame } from '../src/matroska-frame.ts';
import type { MatroskaOptions } from '../src/matroska-options.ts';
import { MatroskaWriter } from '../src/matroska-writer.ts';
import { MemorySink } from '../src/sinks/memory-sink.ts';
import type { TrackEntry } from '../src/track-entry.ts';
import { readBlocks } from './support/ebml-reader.ts';
import { AUDIO, frame, optionsFor, VIDEO } from './support/write.ts';

function refusal(work: () => unknown): MatroskaError {
  try {
    work();
  } catch (error) {
    if (error instanceof MatroskaError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const AVC: TrackEntry = { ...VIDEO, codecId: 'V_MPEG4/ISO/AVC', codecPrivate: Uint8Array.of(1) };
const { codecPrivate: _, ...AUDIO_WITHOUT_HEAD } = AUDIO;

describe('options', () => {
  test.each<[string, MatroskaErrorCode, RegExp, MatroskaOptions]>([
    [
      'H264 in WebM',
      'codec-not-in-webm',
      /track 2 is V_MPEG4\/ISO\/AVC/,
      optionsFor([AUDIO, AVC], { docType: 'webm' }),
    ],
    ['Opus without OpusHead', 'codec-private-missing', /track 1 is A_OPUS/, optionsFor([AUDIO_WITHOUT_HEAD])],
    [
      'H264 without avcC',
      'codec-private-missing',
      /AVC/,
      optionsFor([{ ...VIDEO, codecId: 'V_MPEG4/ISO/AVC' }]),
    ],
    [
      'AV1 with an empty av1C',
      'codec-private-missing',
      /AV1/,
      optionsFor([{ ...VIDEO, codecId: 'V_AV1', codecPrivate: new Uint8Array(0) }]),
    ],
    ['no tracks', 'option-invalid', /no tracks/, optionsFor([])],
    ['128 tracks', 'option-invalid', /128 tracks/, optionsFor(Array.from({ length: 128 }, () => VIDEO))],
    ['no pixels', 'option-invalid', /0×360/, optionsFor([{ ...VIDEO, pixelWidth: 0 }])],
    ['half a pixel', 'option-invalid', /640×1.5/, optionsFor([{ ...VIDEO, pixelHeight: 1.5 }])],
    ['an eighth of a turn', 'option-invalid', /45°/, optionsFor([{ ...VIDEO, rotation: 45 as 90 }])],
    [
      'PCM of no depth',
      'option-invalid',
      /A_PCM\/INT\/LIT and has a bitDepth of undefined/,
      optionsFor([{ ...AUDIO, codecId: 'A_PCM/INT/LIT' }]),
    ],
    ['two letters', 'option-invalid', /track 1 is in en,/, optionsFor([{ ...AUDIO, language: 'en' }])],
    [
      'a chapter before the one before',
      'option-invalid',
      /chapter b begins at 5 ms/,
      optionsFor([AUDIO], {
        chapters: [
          { startMs: 5, title: 'a' },
          { startMs: 5, title: 'b' },
        ],
      }),
    ],
    [
      'a chapter that nanoseconds cannot tell',
      'option-invalid',
      /chapter a begins at 10000000000 ms/,
      optionsFor([AUDIO], { chapters: [{ startMs: 1e10, title: 'a' }] }),
    ],
    ['no channels', 'option-invalid', /0 channels/, optionsFor([{ ...AUDIO, channels: 0 }])],
    [
      'no sampling frequency',
      'option-invalid',
      /NaN/,
      optionsFor([{ ...AUDIO, samplingFrequency: Number.NaN }]),
    ],
    [
      'a start that is no time',
      'option-invalid',
      /startsAtMs is NaN/,
      optionsFor([AUDIO], { startsAtMs: Number.NaN }),
    ],
    [
      'a start in the year 3000',
      'option-invalid',
      /DateUTC/,
      optionsFor([AUDIO], { startsAtMs: Date.UTC(3000, 0) }),
    ],
    [
      'a tag without a name',
      'option-invalid',
      /track 1 has no name/,
      optionsFor([{ ...AUDIO, tags: { '': 'x' } }]),
    ],
    ['another doctype', 'option-invalid', /avi/, optionsFor([AUDIO], { docType: 'avi' as 'webm' })],
  ])('%s: %s', (_name, code, message, options) => {
    const error = refusal(() => new MatroskaWriter(new MemorySink(), options));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test.each<TrackEntry>([
    AUDIO,
    VIDEO,
    { ...VIDEO, codecId: 'V_VP9' },
    { ...VIDEO, codecId: 'V_AV1', codecPrivate: Uint8Array.of(0x81) },
  ])('WebM holds $codecId', (track) => {
    expect(
      () => new MatroskaWriter(new MemorySink(), optionsFor([track], { docType: 'webm' })),
    ).not.toThrow();
  });
});

describe('frames', () => {
  const EMPTY: readonly Uint8Array[] = [];
  test.each<[string, MatroskaErrorCode, RegExp, number, MatroskaFrame]>([
    ['of a track that is not', 'track-unknown', /no track 3, only 1 to 2/, 3, frame(100)],
    ['of track 0', 'track-unknown', /no track 0/, 0, frame(100)],
    ['without chunks', 'frame-empty', /track 1 at 100 ms/, 1, frame(100, { chunks: EMPTY })],
    [
      'with empty chunks',
      'frame-empty',
      /track 1/,
      1,
      frame(100, { chunks: [new Uint8Array(0), new Uint8Array(0)] }),
    ],
    ['before zero', 'timestamp-invalid', /track 1 .* -0.1/, 1, frame(-0.1)],
    ['at no time', 'timestamp-invalid', /NaN/, 1, frame(Number.NaN)],
    ['at the end of time', 'timestamp-invalid', /Infinity/, 1, frame(Number.POSITIVE_INFINITY)],
    ['lasting less than nothing', 'timestamp-invalid', /durationMs -1/, 1, frame(100, { durationMs: -1 })],
    ['ending at no time', 'timestamp-invalid', /durationMs NaN/, 1, frame(100, { durationMs: Number.NaN })],
    [
      'before the one before',
      'timestamp-not-increasing',
      /track 1 .* 20 ms .* after one at 40 ms/,
      1,
      frame(20),
    ],
    ['at the same time', 'timestamp-not-increasing', /track 1/, 1, frame(40)],
    [
      'shown earlier, and later than the one before',
      'timestamp-not-increasing',
      /60 ms .* shown earlier, after one at 40 ms/,
      1,
      frame(60, { shownEarlier: true }),
    ],
    ['in the same ms once rounded', 'timestamp-not-increasing', /given as 40.4/, 1, frame(40.4)],
  ])('%s: %s, and the writer goes on', (_name, code, message, track, bad) => {
    const sink = new MemorySink();
    const writer = new MatroskaWriter(sink, optionsFor([AUDIO, VIDEO]));
    writer.addFrame(1, frame(40));
    const error = refusal(() => writer.addFrame(track, bad));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    writer.addFrame(1, frame(60));
    writer.finish();
    expect(readBlocks(sink.bytes).map((block) => block.timestampMs)).toEqual([40, 60]);
  });

  test('larger than 128 MiB: frame-too-large', () => {
    const mib = new Uint8Array(1024 * 1024);
    const writer = new MatroskaWriter(new MemorySink(), optionsFor([VIDEO]));
    const chunks = Array.from({ length: 129 }, () => mib);
    expect(refusal(() => writer.addFrame(1, frame(0, { chunks }))).code).toBe('frame-too-large');
  });

  test('of a track that was closed: track-closed', () => {
    const writer = new MatroskaWriter(new MemorySink(), optionsFor([AUDIO, VIDEO]));
    writer.closeTrack(2);
    expect(refusal(() => writer.addFrame(2, frame(5))).code).toBe('track-closed');
    expect(refusal(() => writer.closeTrack(9)).code).toBe('track-unknown');
  });

  test('after finish: writer-finished', () => {
    const writer = new MatroskaWriter(new MemorySink(), optionsFor([AUDIO]));
    writer.finish();
    expect(refusal(() => writer.addFrame(1, frame(0))).code).toBe('writer-finished');
    expect(refusal(() => writer.finish()).code).toBe('writer-finished');
  });
});

describe('a sink that fails', () => {
  const full = new Error('no space left');

  test('at once: its error comes out, then writer-failed with it as cause', () => {
    const sink: ByteSink = {
      write() {
        throw full;
      },
    };
    const writer = new MatroskaWriter(sink, optionsFor([VIDEO]));
    writer.addFrame(1, frame(0));
    expect(() => writer.addFrame(1, frame(40))).toThrow(full);
    const after = refusal(() => writer.addFrame(1, frame(80)));
    expect([after.code, after.cause]).toEqual(['writer-failed', full]);
    expect(refusal(() => writer.finish()).code).toBe('writer-failed');
  });

  test('later: the promise rejects with its error, then writer-failed', async () => {
    const writer = new MatroskaWriter({ write: () => Promise.reject(full) }, optionsFor([VIDEO]));
    writer.addFrame(1, frame(0));
    await expect(writer.addFrame(1, frame(40))).rejects.toBe(full);
    expect(refusal(() => writer.finish()).code).toBe('writer-failed');
  });

  test('while patching: finish rejects, and the file is not called finished', async () => {
    const sink: ByteSink = { write() {}, writeAt: () => Promise.reject(full) };
    const writer = new MatroskaWriter(sink, optionsFor([VIDEO]));
    writer.addFrame(1, frame(0));
    await expect(writer.finish()).rejects.toBe(full);
    expect(refusal(() => writer.finish()).code).toBe('writer-failed');
  });
});

describe('a sink that takes its time', () => {
  /** Every write settles in a later turn; the lent bytes are taken only then. */
  class SlowSink implements ByteSink {
    readonly memory = new MemorySink();
    async write(bytes: Uint8Array): Promise<void> {
      await Promise.resolve();
      this.memory.write(bytes);
    }
    async writeAt(position: number, bytes: Uint8Array): Promise<void> {
      await Promise.resolve();
      this.memory.writeAt(position, bytes);
    }
  }

  test('gets the same bytes as a synchronous one', async () => {
    const slow = new SlowSink();
    const fast = new MemorySink();
    const options = optionsFor([AUDIO, VIDEO], { title: 't', tags: { A: 'b' } });
    const writers = [new MatroskaWriter(slow, options), new MatroskaWriter(fast, options)];
    for (let index = 0; index < 1000; index++) {
      for (const writer of writers) {
        await writer.addFrame(1, frame(index * 20));
        if (index % 2 === 0) await writer.addFrame(2, frame(index * 20, { keyFrame: index % 100 === 0 }));
      }
    }
    for (const writer of writers) await writer.finish();
    expect(Buffer.compare(slow.memory.bytes, fast.bytes)).toBe(0);
    expect(writers[0]?.byteLength).toBe(fast.bytes.length);
  });

  test('makes addFrame return a promise only when it had to write', () => {
    const writer = new MatroskaWriter(new SlowSink(), optionsFor([VIDEO]));
    expect(writer.addFrame(1, frame(0))).toBeUndefined();
    expect(writer.addFrame(1, frame(40, { keyFrame: false }))).toBeUndefined();
    expect(writer.addFrame(1, frame(80))).toBeInstanceOf(Promise);
  });

  test('is not called again before it is done: write-pending', async () => {
    const slow = new SlowSink();
    const writer = new MatroskaWriter(slow, optionsFor([VIDEO]));
    writer.addFrame(1, frame(0));
    const pending = writer.addFrame(1, frame(40));
    expect(refusal(() => writer.addFrame(1, frame(80))).code).toBe('write-pending');
    await pending;
    await writer.addFrame(1, frame(80));
    await writer.finish();
    expect(readBlocks(slow.memory.bytes).map((block) => block.timestampMs)).toEqual([0, 40, 80]);
  });
});
