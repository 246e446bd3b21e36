import type { CodedFrame } from '@rawreel/rtp';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { TrackFrames } from '../read/track-frames.ts';
import type { SourceFrame } from './expectation.ts';

const OPUS_TICKS_PER_MS = 48;

/** The frames of a placed track, read from its dumps anew, on the clock of a file that begins at `fileZeroMs` (unix ms). */
export async function* sourceFrames(
  placed: PlacedTrack,
  fileZeroMs: number,
  reading: ReadingOptions,
): AsyncGenerator<readonly SourceFrame[], void> {
  for await (const batch of new TrackFrames(placed, reading).batches()) {
    yield batch.map(({ frame: { chunks, byteLength, durationTicks, shownEarlier }, unixMs }) => ({
      atMs: unixMs - fileZeroMs,
      chunks,
      byteLength,
      shownEarlier,
      ...(durationTicks === undefined ? {} : { durationMs: durationTicks / OPUS_TICKS_PER_MS }),
    }));
  }
}

/** The same frames with what a decoder must know of them. */
export async function* codedFrames(
  placed: PlacedTrack,
  reading: ReadingOptions,
): AsyncGenerator<readonly CodedFrame[], void> {
  for await (const batch of new TrackFrames(placed, reading).batches()) yield batch.map(({ frame }) => frame);
}
