import { join } from 'node:path';
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
export async function heardMoments(
  path: string,
  tracks: readonly TrackTruth[],
  stream = 0,
): Promise<Moment[][]> {
  const heard = await listenAudio(path, { stream });
  // MP3 has no timestamps: what ffmpeg has its first sample begin with is the encoder's delay, which players leave out.
  const zeroMs = path.endsWith('.mp3') ? heard.startMs : 0;
  if (heard.errors.length > 0) throw new UnexpectedMediaError(heard.errors.join('\n'));
  return tracks.map((track) => {
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
      return { truthMs, fileMs: onsetMs - zeroMs - opusLookAheadMs };
    });
  });
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

/** A track's moments in a file, and how late each is on the call clock if the file is laid where it says it belongs. */
export interface Laid {
  readonly track: TrackTruth;
  readonly moments: readonly Moment[];
  readonly lateMs: readonly number[];
}

/** @throws UnexpectedMediaError where the file does not hold these tracks, whole. */
export async function layOut(
  folder: string,
  file: Placed & { readonly path: string },
  tracks: readonly TrackTruth[],
  { zeroUnixMs, startUnixMs }: CallTruth,
): Promise<Laid[]> {
  const path = join(folder, file.path);
  const sounds = tracks.filter(({ kind }) => kind === 'audio');
  const pictures = tracks.filter(({ kind }) => kind === 'video');
  const [heard, seen] = await Promise.all([
    sounds.length === 0 ? [] : heardMoments(path, sounds),
    Promise.all(pictures.map((track) => seenMoments(path, track))),
  ]);
  const zeroMs = file.offsetMs + zeroUnixMs - startUnixMs;
  const lay = (moments: readonly Moment[], track: TrackTruth): Laid => ({
    track,
    moments,
    lateMs: moments.map(({ truthMs, fileMs }) => fileMs + zeroMs - truthMs),
  });
  return [
    ...sounds.map((track, i) => lay(heard[i] ?? [], track)),
    ...pictures.map((track, i) => lay(seen[i] ?? [], track)),
  ];
}

/** Everybody's moments on one clock: how far the earliest and the latest are apart. */
export function spreadMs(laid: readonly Laid[]): number {
  const all = laid.flatMap(({ lateMs }) => lateMs);
  return Math.max(...all) - Math.min(...all);
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
