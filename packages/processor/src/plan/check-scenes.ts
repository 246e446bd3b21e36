import type { Recording } from '@rawreel/archive';
import { ProcessorError } from '../processor-error.ts';
import { flawOfScenes, type SceneList, type Tile } from './scene-list.ts';

/** A composite cannot look as it is asked to. */
export const noSuchLook = (message: string, hint: string): ProcessorError =>
  new ProcessorError('ERR_COMPOSITE_LOOK', message, { hint });

/**
 * Scenes as a person has edited them: whole, and of the size and rate that are asked for.
 *
 * @throws {ProcessorError} ERR_COMPOSITE_LOOK
 */
export function checkScenes(scenes: SceneList, asked: Pick<SceneList, 'width' | 'height' | 'fps'>): void {
  const flaw = flawOfScenes(scenes);
  if (flaw !== undefined)
    throw noSuchLook(`the scenes cannot be used: ${flaw}`, 'Edit what a composite has written beside it.');
  const { width, height, fps } = scenes;
  if (width === asked.width && height === asked.height && fps === asked.fps) return;
  throw noSuchLook(
    `the scenes are for ${width}x${height} at ${fps} pictures a second`,
    'Ask for the same size and rate, or have scenes made anew.',
  );
}

/**
 * Scenes show only whom the recording has, and nobody who is left out: not even their name.
 *
 * @throws {ProcessorError} ERR_COMPOSITE_LOOK
 */
export function checkScenesOf(
  { scenes }: SceneList,
  { tracks }: Pick<Recording, 'tracks'>,
  seen: ReadonlySet<string>,
): void {
  const known = new Set(tracks.map(({ userId }) => userId));
  const sources = new Set(
    tracks.map(({ userId, sessionId, trackId }) => JSON.stringify([userId, sessionId, trackId])),
  );
  const isThere = ({ userId, source }: Tile) =>
    source === undefined || sources.has(JSON.stringify([userId, source.sessionId, source.trackId]));
  for (const [index, { tiles }] of scenes.entries()) {
    const where = `scene ${index + 1}`;
    for (const tile of tiles) {
      const who = JSON.stringify(tile.userId);
      if (!known.has(tile.userId))
        throw noSuchLook(`${where} shows ${who}, who is not in this recording`, OTHERS);
      if (!isThere(tile))
        throw noSuchLook(`${where} shows a track of ${who} that this recording does not have`, OTHERS);
      if (!seen.has(tile.userId))
        throw noSuchLook(
          `${where} shows ${who}, who is left out`,
          'Remove their tiles from the scenes, or have scenes made anew.',
        );
    }
  }
}

const OTHERS = 'Scenes are for the recording that they were made of.';
