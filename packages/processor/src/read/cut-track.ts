import type { ReadingOptions } from './open-dump.ts';
import type { PlacedTrack } from './placed-track.ts';
import { TrackFrames } from './track-frames.ts';

/** A part of a call, unix ms. */
export interface TrackWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * A placed track as if it had been recorded in a part of the call only: its frames are those that begin in it, of pictures
 * from the first key frame on. Undefined where nothing of it is in there.
 */
export function cutTrack(placed: PlacedTrack, window: TrackWindow): PlacedTrack | undefined {
  const { fromMs, untilMs } = window;
  const runs = placed.runs
    .filter(({ startMs, endMs }) => endMs > fromMs && startMs < untilMs)
    .map((run, index) => ({
      ...run,
      startMs: Math.max(run.startMs, fromMs),
      endMs: Math.min(run.endMs, untilMs),
      boundary: index === 0 ? ('before-start' as const) : run.boundary,
    }));
  return runs.length === 0 ? undefined : { ...placed, runs, window };
}

/**
 * From where pictures have to be decoded so that one is seen at a moment: the key frame before it, or the moment itself where
 * none was shown then, or one begins anew behind it. Reads the track up to there.
 */
export async function decodableFrom(
  placed: PlacedTrack,
  atMs: number,
  reading: ReadingOptions,
): Promise<number> {
  let keyFrameMs = atMs;
  for await (const batch of new TrackFrames(placed, reading).batches()) {
    for (const { frame, unixMs } of batch) {
      if (unixMs >= atMs) return frame.keyFrame ? atMs : keyFrameMs;
      if (frame.keyFrame) keyFrameMs = unixMs;
    }
  }
  return atMs;
}
