import type { Rotation, VideoParameters } from '@rawreel/rtp';
import type { Size, Span } from '../../plan/scene-list.ts';
import type { ReadingOptions } from '../../read/open-dump.ts';
import type { PlacedTrack } from '../../read/placed-track.ts';
import { TrackFrames } from '../../read/track-frames.ts';

/** How pictures look from a moment on. */
export interface Look extends Size {
  /** Ms since the film's zero. */
  readonly fromMs: number;
  /** Degrees clockwise by which they are shown. */
  readonly rotation: Rotation;
}

/** What one reading of a video track tells of its pictures without decoding any; ms since the film's zero. */
export interface TrackOutline {
  /** While pictures come; in order and apart. */
  readonly on: readonly Span[];
  /** Times of key frames, in order. */
  readonly keysMs: readonly number[];
  readonly looks: readonly Look[];
  /** Why nothing of it can be shown, where that is so. */
  readonly unusable: string | undefined;
}

/** A camera that shows nothing for so long is off; what is shorter, a network that stalls, leaves the last picture. */
export const CAMERA_OFF_MS = 1000;

/** The same where the sender's clock went on: some cameras send few pictures. */
const CAMERA_STILL_MS = 5000;

/** A screen on which nothing moves sends nothing. */
const SHARE_STILL_MS = 60_000;

/** How long the last picture of a stretch lasts. */
const LAST_MS = 40;

const NOISE = 'its frames are none that a decoder takes: encrypted end to end, or cut';

export async function outlineOf(
  placed: PlacedTrack,
  zeroUnixMs: number,
  reading: ReadingOptions,
): Promise<TrackOutline> {
  const { screenshare } = placed.track;
  const on: { startMs: number; endMs: number }[] = [];
  const keysMs: number[] = [];
  const looks: Look[] = [];
  const frames = new TrackFrames(placed, reading);
  for await (const batch of frames.batches()) {
    for (const { frame, unixMs, boundary } of batch) {
      const atMs = unixMs - zeroUnixMs;
      const stillMs = screenshare ? SHARE_STILL_MS : CAMERA_STILL_MS;
      const offMs = boundary === 'none' ? stillMs : CAMERA_OFF_MS;
      const last = on.at(-1);
      if (last !== undefined && atMs - last.endMs < offMs) last.endMs = Math.max(last.endMs, atMs + LAST_MS);
      else on.push({ startMs: atMs, endMs: atMs + LAST_MS });
      if (frame.keyFrame) keysMs.push(atMs);
      const { width, height } = frame.parameters as VideoParameters;
      const { rotation } = frame;
      const look = looks.at(-1);
      if (look?.width !== width || look.height !== height || look.rotation !== rotation)
        looks.push({ fromMs: atMs, width, height, rotation });
    }
  }
  const sum = (of: 'framesEmitted' | 'framesInvalid') =>
    frames.statistics.reduce((total, counts) => total + counts[of], 0);
  const isNoise = sum('framesInvalid') > sum('framesEmitted') / 2;
  const unusable = isNoise ? NOISE : on.length === 0 ? frames.barren[0]?.reason : undefined;
  return { on: isNoise ? [] : on, keysMs, looks, unusable };
}
