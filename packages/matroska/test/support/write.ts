import type { ByteSink } from '../../src/byte-sink.ts';
import type { MatroskaFrame } from '../../src/matroska-frame.ts';
import type { MatroskaOptions } from '../../src/matroska-options.ts';
import { MatroskaWriter } from '../../src/matroska-writer.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import type { TrackEntry } from '../../src/track-entry.ts';

/** OpusHead (RFC 7845 §5.1): version 1, one channel, no pre-skip, 48 kHz, no gain, mapping 0. */
const OPUS_HEAD = Buffer.from('4f707573486561640101000080bb0000000000', 'hex');

export const AUDIO = {
  kind: 'audio',
  codecId: 'A_OPUS',
  channels: 1,
  samplingFrequency: 48000,
  codecPrivate: OPUS_HEAD,
} as const satisfies TrackEntry;

export const VIDEO = {
  kind: 'video',
  codecId: 'V_VP8',
  pixelWidth: 640,
  pixelHeight: 360,
} as const satisfies TrackEntry;

export const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);

export function optionsFor(
  tracks: readonly TrackEntry[],
  more: Partial<MatroskaOptions> = {},
): MatroskaOptions {
  return { docType: 'matroska', writingApp: 'a test', tracks, ...more };
}

export function frame(timestampMs: number, more: Partial<MatroskaFrame> = {}): MatroskaFrame {
  return { timestampMs, keyFrame: true, chunks: [SILENCE], ...more };
}

/** Hands over only `write`, as a sink does that cannot go back. */
export function appendOnly(sink: ByteSink): ByteSink {
  return { write: (bytes) => sink.write(bytes) };
}

export interface Written {
  readonly bytes: Uint8Array;
  readonly writer: MatroskaWriter;
}

/** Writes [track number, frame] pairs in the order given, into memory. */
export function writeAll(
  options: MatroskaOptions,
  frames: Iterable<readonly [number, MatroskaFrame]>,
  wrap: (sink: ByteSink) => ByteSink = (sink) => sink,
): Written {
  const sink = new MemorySink();
  const writer = new MatroskaWriter(wrap(sink), options);
  for (const [track, each] of frames) {
    if (writer.addFrame(track, each) !== undefined) throw new Error('a synchronous sink gave a promise');
  }
  if (writer.finish() !== undefined) throw new Error('a synchronous sink gave a promise');
  return { bytes: sink.bytes, writer };
}

/** The frames of several tracks in time order, each with its track's number. */
export function inTimeOrder(...tracks: readonly (readonly MatroskaFrame[])[]): [number, MatroskaFrame][] {
  return tracks
    .flatMap((frames, index) => frames.map((each): [number, MatroskaFrame] => [index + 1, each]))
    .sort(([a, one], [b, other]) => one.timestampMs - other.timestampMs || a - b);
}

export function joined(each: MatroskaFrame): Buffer {
  return Buffer.concat(
    each.chunks.map((chunk) => {
      if (chunk instanceof Uint8Array) return chunk;
      const bytes = new Uint8Array(chunk.length);
      chunk.copyTo(bytes, 0);
      return bytes;
    }),
  );
}
