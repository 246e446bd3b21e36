import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TimedFrame } from '../read/timed-frame.ts';
import { TrackFrames } from '../read/track-frames.ts';
import { DumpClocks, runOf } from './clock-evidence/dump-clocks.ts';
import type { TimeWitness } from './clock-evidence/time-witness.ts';
import type { SourceFrame, TimedCodedFrame } from './expectation.ts';

const OPUS_TICKS_PER_MS = 48;

/** The clock that a source's frames are told on, and who hears what else its dumps say of time. */
export interface SourceClock {
  /** Unix ms of the file's zero. */
  readonly fileZeroMs: number;
  /** A time known to be near, unix ms: of dumps whose headers cannot be true. */
  readonly nearMs: number;
  /** Hears the reports before the frames that follow them. */
  readonly witness: TimeWitness;
}

/** The frames of a placed track, read from its dumps anew, on the clock of a file. */
export async function* sourceFrames(
  placed: PlacedTrack,
  { fileZeroMs, nearMs, witness }: SourceClock,
  reading: ReadingOptions,
): AsyncGenerator<readonly SourceFrame[], void> {
  const clocks = new DumpClocks(placed, fileZeroMs, nearMs);
  for await (const batch of new TrackFrames(placed, reading, clocks.opened).batches()) {
    for (const report of clocks.reports()) witness.hear(report);
    yield batch.map((timed) => sourceFrame(timed, fileZeroMs, clocks));
  }
}

function sourceFrame(
  { frame, run, unixMs }: TimedFrame,
  fileZeroMs: number,
  clocks: DumpClocks,
): SourceFrame {
  const { chunks, byteLength, durationTicks, shownEarlier, rtpTicks, receivedMs } = frame;
  const durationMs = durationTicks === undefined ? undefined : durationTicks / OPUS_TICKS_PER_MS;
  const { segment } = run;
  return {
    atMs: unixMs - fileZeroMs,
    chunks,
    byteLength,
    shownEarlier,
    sighting: {
      segment,
      run: runOf(run.layer, frame.run),
      rtpTicks,
      receivedMs: clocks.fileMs(segment, receivedMs),
      heldMs: durationMs ?? 0,
    },
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** The same frames with what a decoder must know of them. */
export async function* codedFrames(
  placed: PlacedTrack,
  fileZeroMs: number,
  reading: ReadingOptions,
): AsyncGenerator<readonly TimedCodedFrame[], void> {
  for await (const batch of new TrackFrames(placed, reading).batches())
    yield batch.map(({ frame, unixMs }) => ({ frame, atMs: unixMs - fileZeroMs }));
}
