import { beepLengthMs, type CallTruth, type TrackTruth } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, watchVideo } from '@rawreel/fixtures/judge';

/** Something that happened at a known time, and where a decoder says it is: a beep, or a picture's time code. */
export interface Moment {
  /** Call clock. */
  readonly truthMs: number;
  /** In the file, without what the Opus encoder looked ahead. */
  readonly fileMs: number;
}

/** What a file says of itself in report and manifest. */
export type Placed = { readonly offsetMs: number };

export class UnexpectedMediaError extends Error {}

/** A beep that a receiver has broken is much shorter than it was played. */
const WHOLE_BEEP = 0.8;

/**
 * The beeps of one track, also among others' in a mix. They are told apart by their order, since a beep is like the
 * next one: a file that is wrong by whole seconds must not seem right.
 *
 * @throws UnexpectedMediaError where a decoder complains, or hears more or fewer beeps than were recorded, or not all of one.
 */
export async function heardMoments(path: string, tracks: readonly TrackTruth[], stream = 0) {
  const heard = await listenAudio(path, { stream });
  if (heard.errors.length > 0) throw new UnexpectedMediaError(heard.errors.join('\n'));
  const moments = tracks.map((track) => {
    const beeps = findBeeps(heard, track.hz ?? 0);
    if (beeps.length !== track.beeps.length || track.beepsUncertain.length > 0) {
      throw new UnexpectedMediaError(
        `${beeps.length} beeps at ${track.hz} Hz instead of ${track.beeps.length} sure, ${track.beepsUncertain.length} unsure ones`,
      );
    }
    return track.beeps.map((truthMs, i): Moment => {
      const { onsetMs, lengthMs } = beeps[i] ?? { onsetMs: Number.NaN, lengthMs: 0 };
      if (lengthMs < WHOLE_BEEP * beepLengthMs(truthMs / 1000)) {
        throw new UnexpectedMediaError(
          `the beep of ${track.userId} at ${truthMs} ms lasts ${Math.round(lengthMs)} ms`,
        );
      }
      return { truthMs, fileMs: onsetMs - opusLookAheadMs };
    });
  });
  return { moments, samples: heard.samples, sampleRate: heard.sampleRate, endMs: heard.endMs };
}

/**
 * Every picture of one track that must be shown, by its time code: exact to the millisecond, where flashes are to a frame.
 *
 * @throws UnexpectedMediaError where a decoder complains, or pictures are missing, doubled or another track's.
 */
export async function seenMoments(path: string, track: TrackTruth, stream = 0): Promise<Moment[]> {
  const seen = await watchVideo(path, stream);
  if (seen.errors.length > 0) throw new UnexpectedMediaError(seen.errors.join('\n'));
  const shown = seen.frames.filter(({ timecode }) => timecode !== undefined);
  const truths = track.frames.filter(({ decodable }) => decodable);
  if (shown.length !== truths.length) {
    throw new UnexpectedMediaError(`${shown.length} pictures instead of ${truths.length}`);
  }
  return truths.map(({ captureMs }, i) => {
    const { ptsMs, timecode } = shown[i] ?? { ptsMs: Number.NaN };
    if (timecode?.timeMs !== Math.round(captureMs) || timecode.source !== track.source) {
      throw new UnexpectedMediaError(
        `picture ${i} is of ${timecode?.timeMs} ms from source ${timecode?.source} instead of ${captureMs} ms from ${track.source}`,
      );
    }
    return { truthMs: captureMs, fileMs: ptsMs };
  });
}

/** How late each moment is on the call clock, if the file is laid where it says it belongs. */
export function latenesses(moments: readonly Moment[], file: Placed, call: CallTruth): number[] {
  const zeroMs = file.offsetMs + call.zeroUnixMs - call.startUnixMs;
  return moments.map(({ truthMs, fileMs }) => fileMs + zeroMs - truthMs);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One place at which sound and picture can be compared. */
export interface LipSync {
  readonly truthMs: number;
  /** How much later the sound comes than the picture that was captured with it. */
  readonly soundLateMs: number;
}

/** Longer than the time between two pictures; shorter than any drift needs to show. */
const NEAR_MS = 1000;

/**
 * Sound against picture at every beep that has pictures around it. The picture of a beep's very moment is not needed:
 * where it would lie follows from the nearest ones before and after it.
 */
export function lipSync(sound: readonly Moment[], picture: readonly Moment[]): LipSync[] {
  return sound.flatMap(({ truthMs, fileMs }) => {
    const before = picture.findLast((moment) => moment.truthMs <= truthMs);
    const after = picture.find((moment) => moment.truthMs > truthMs);
    if (before === undefined || after === undefined) return [];
    if (after.truthMs - before.truthMs > NEAR_MS) return [];
    const share = (truthMs - before.truthMs) / (after.truthMs - before.truthMs);
    const placeMs = before.fileMs + share * (after.fileMs - before.fileMs);
    return [{ truthMs, soundLateMs: fileMs - placeMs }];
  });
}
