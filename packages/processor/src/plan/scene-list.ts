import type { Codec } from '@rawreel/rtp';

/** A stretch of the film, ms since its zero. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where on the picture; whole, even pixels, as chroma has half the resolution. */
export interface Place extends Size {
  readonly x: number;
  readonly y: number;
}

/** A video track of one codec. */
export interface SourceId {
  readonly sessionId: string;
  readonly trackId: string;
  readonly codec: Codec;
}

/** One participant, or a screen of theirs, at a place. */
export interface Tile {
  readonly userId: string;
  readonly show: 'camera' | 'share' | 'initials';
  /** Absent where initials are shown. */
  readonly source?: SourceId;
  readonly place: Place;
}

/** What is seen from `startMs` until the next scene. */
export interface Scene {
  readonly startMs: number;
  readonly tiles: readonly Tile[];
}

/** Somebody's tile is marked. */
export interface Marked extends Span {
  readonly userId: string;
}

/** All that is seen in a film but the pictures themselves: a plain value that can be edited and used again. */
export interface SceneList {
  readonly version: 1;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationMs: number;
  /** From the recording's zero to the film's. Absent: where the film that they are shown in has it. */
  readonly offsetMs?: number | undefined;
  /** In order; the first begins at 0. */
  readonly scenes: readonly Scene[];
  /** Who speaks when. */
  readonly speaking: readonly Marked[];
}

export const sourceKey = ({ sessionId, trackId, codec }: SourceId): string =>
  JSON.stringify([sessionId, trackId, codec]);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasNumbers = (value: Fields, names: readonly string[]): boolean =>
  names.every((name) => Number.isFinite(value[name]) && (value[name] as number) >= 0);

/** What is wrong with scenes that a person has edited; undefined where they can be shown. */
export function flawOfScenes(scenes: unknown): string | undefined {
  if (!isFields(scenes) || scenes['version'] !== 1) return 'they are not of version 1';
  if (!hasNumbers(scenes, ['width', 'height', 'fps', 'durationMs']))
    return 'width, height, fps and durationMs are numbers';
  if (scenes['offsetMs'] !== undefined && !Number.isFinite(scenes['offsetMs'])) return 'offsetMs is a number';
  const { scenes: list, speaking } = scenes;
  if (!Array.isArray(list) || !Array.isArray(speaking)) return 'scenes and speaking are lists';
  let lastMs = -1;
  for (const [number, scene] of list.entries()) {
    const where = `scene ${number + 1}`;
    if (!isFields(scene) || !hasNumbers(scene, ['startMs'])) return `${where} has no startMs`;
    if (number === 0 && scene['startMs'] !== 0) return 'the first scene does not begin at 0';
    if ((scene['startMs'] as number) <= lastMs) return `${where} begins before the one before it`;
    lastMs = scene['startMs'] as number;
    const tiles = scene['tiles'];
    if (!Array.isArray(tiles)) return `${where} has no list of tiles`;
    const sources = tiles.flatMap((tile) =>
      isFields(tile) && isFields(tile['source']) ? [tile['source']] : [],
    );
    if (new Set(sources.map((source) => sourceKey(source as unknown as SourceId))).size < sources.length)
      return `${where} shows one source twice`;
    const flaw = tiles.map((tile) => tileFlaw(tile, scenes)).find((found) => found !== undefined);
    if (flaw !== undefined) return `${where}: ${flaw}`;
  }
  const isMark = (mark: unknown) =>
    isFields(mark) && typeof mark['userId'] === 'string' && hasNumbers(mark, ['startMs', 'endMs']);
  return speaking.every(isMark) ? undefined : 'speaking lists userId, startMs and endMs';
}

function tileFlaw(tile: unknown, picture: Fields): string | undefined {
  if (!isFields(tile) || typeof tile['userId'] !== 'string') return 'a tile has no userId';
  const { show, source, place } = tile;
  if (show !== 'camera' && show !== 'share' && show !== 'initials')
    return 'a tile shows camera, share or initials';
  const names = ['sessionId', 'trackId', 'codec'];
  if (show !== 'initials' && !(isFields(source) && names.every((name) => typeof source[name] === 'string')))
    return 'a tile with a picture has a source';
  if (!isFields(place) || !hasNumbers(place, ['x', 'y', 'width', 'height'])) return 'a tile has no place';
  const { x, y, width, height } = place as Record<string, number> as unknown as Place;
  if ([x, y, width, height].some((pixels) => pixels % 2 !== 0) || width === 0 || height === 0)
    return 'a place is measured in even pixels';
  if (x + width > (picture['width'] as number) || y + height > (picture['height'] as number))
    return 'a place reaches beyond the picture';
  return undefined;
}
