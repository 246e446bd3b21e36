import type { Rotation } from '@rawreel/rtp';
import { firstIndex } from '../../first-index.ts';
import type { CompositeFit } from '../../plan/plan.ts';
import { type Place, type SceneList, type Size, sourceKey } from '../../plan/scene-list.ts';
import type { Chunk } from '../chunks.ts';
import { fitted } from '../scenes/geometry.ts';
import type { Look, TrackOutline } from './track-outline.ts';

/** Consecutive pictures of one size; numbers are those of the film's pictures. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** As the decoder gives them: before they are turned. */
  readonly size: Size;
  /** Degrees clockwise by which they are turned then. */
  readonly rotation: Rotation;
  /** Where on the film's picture they stand. */
  readonly place: Place;
}

/** A stretch for which one decoder is at work. */
export interface Shot {
  /** Number of the picture that is the decoder's first, which may be before the first that is shown; what comes first stands from there on. */
  readonly origin: number;
  /** Time of the key frame it begins with, ms since the film's zero. */
  readonly keyMs: number;
  /** In order. */
  readonly pieces: readonly Piece[];
}

/** Out of sight for less than this, a camera is decoded all the same: starting anew means from the last key frame on. */
const WARM_MS = 10_000;

/** Number of the picture that is shown at a time. */
export const pictureAt = (atMs: number, fps: number): number => Math.round((atMs * fps) / 1000);

/**
 * What has to be decoded of each source to show the scenes.
 *
 * @param stretch the pictures that are asked for
 */
export function shotsOf(
  list: SceneList,
  outlines: ReadonlyMap<string, TrackOutline>,
  fit: CompositeFit,
  stretch: Chunk,
): ReadonlyMap<string, readonly Shot[]> {
  const shots = new Map<string, Shot[]>();
  for (const [key, pieces] of piecesOf(list, outlines, fit, stretch)) {
    const outline = outlines.get(key);
    if (outline !== undefined) shots.set(key, parted(pieces, outline, list.fps));
  }
  return shots;
}

function piecesOf(
  { scenes, fps, durationMs }: SceneList,
  outlines: ReadonlyMap<string, TrackOutline>,
  fit: CompositeFit,
  stretch: Chunk,
): Map<string, Piece[]> {
  const pieces = new Map<string, Piece[]>();
  for (const [index, { startMs, tiles }] of scenes.entries()) {
    const from = Math.max(stretch.from, pictureAt(startMs, fps));
    const to = Math.min(stretch.to, pictureAt(scenes[index + 1]?.startMs ?? durationMs, fps));
    for (const { show, source, place } of tiles) {
      if (source === undefined || to <= from) continue;
      const key = sourceKey(source);
      const looks = outlines.get(key)?.looks ?? [];
      const own = pieces.get(key) ?? [];
      pieces.set(key, own);
      // What is written on a screen is never cut off.
      const fitsSo = show === 'share' ? 'contain' : fit;
      for (const part of lookedAt(looks, from, to, fps)) own.push(pieceOf(part, place, fitsSo));
    }
  }
  return pieces;
}

/** Looks in a range of pictures; the first look holds for what is before it, too. */
function lookedAt(
  looks: readonly Look[],
  from: number,
  to: number,
  fps: number,
): { from: number; to: number; look: Look }[] {
  return looks.flatMap((look, index) => {
    const next = looks[index + 1];
    const begins = index === 0 ? from : Math.max(from, pictureAt(look.fromMs, fps));
    const ends = next === undefined ? to : Math.min(to, pictureAt(next.fromMs, fps));
    return ends > begins ? [{ from: begins, to: ends, look }] : [];
  });
}

function pieceOf(
  { from, to, look }: { from: number; to: number; look: Look },
  place: Place,
  fit: CompositeFit,
): Piece {
  const { rotation } = look;
  const isTurned = rotation === 90 || rotation === 270;
  const upright = isTurned ? { width: look.height, height: look.width } : look;
  const shown = fitted(place, upright, fit);
  const size = isTurned ? { width: shown.height, height: shown.width } : shown;
  return { from, to, size: { width: size.width, height: size.height }, rotation, place: shown };
}

/** A new decoder where the source was out of sight for long enough that a later key frame saves work. */
function parted(pieces: readonly Piece[], { keysMs }: TrackOutline, fps: number): Shot[] {
  const shots: { origin: number; keyMs: number; pieces: Piece[] }[] = [];
  for (const piece of pieces) {
    const last = shots.at(-1);
    const before = last?.pieces.at(-1);
    // A key frame that is put at the piece's first picture may be half a picture later.
    const keyMs = keyBefore(keysMs, ((piece.from + 0.5) * 1000) / fps);
    const isWarm = before !== undefined && ((piece.from - before.to) * 1000) / fps < WARM_MS;
    const isBehind = before !== undefined && keyMs <= (before.to * 1000) / fps;
    if (last !== undefined && (isWarm || isBehind)) last.pieces.push(piece);
    else {
      const origin = Math.min(piece.from, Math.floor((keyMs * fps) / 1000));
      shots.push({ origin, keyMs, pieces: [piece] });
    }
  }
  return shots;
}

/** The last key frame that is shown by then, or the first of all. */
function keyBefore(keysMs: readonly number[], atMs: number): number {
  const behind = firstIndex(keysMs.length, (index) => (keysMs[index] ?? 0) > atMs);
  return keysMs[Math.max(0, behind - 1)] ?? 0;
}
