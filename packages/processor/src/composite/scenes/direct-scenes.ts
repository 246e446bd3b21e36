import type { CompositeLayout } from '../../plan/plan.ts';
import type { Marked, Place, Scene, SceneList, Size, Tile } from '../../plan/scene-list.ts';
import type { Cast, CastSource } from './cast.ts';
import { type Choice, choose, GRID_PLACES, NOBODY } from './choose.ts';
import { gridPlaces, halves, stagePlaces, whole } from './geometry.ts';
import { LINGER_MS, Moment } from './moment.ts';
import { joined } from './spans.ts';

export interface Direction {
  readonly layout: CompositeLayout;
  readonly size: Size;
  readonly fps: number;
  /** Places of a grid; 16 unless told. */
  readonly places?: number | undefined;
  /** Columns of a grid; as many as make tiles largest unless told. */
  readonly columns?: number | undefined;
}

/** Tiles stay where they are for so long, unless somebody leaves: what changes more often flickers. */
export const SHORTEST_SCENE_MS = 1500;

/** Somebody who takes a breath is marked through it. */
const BREATH_MS = 700;

/** A click or a cough marks nobody. */
const SHORTEST_MARK_MS = 300;

/** Says who is seen where, and when that changes. */
export function directScenes(cast: Cast, direction: Direction): SceneList {
  const { size, fps } = direction;
  return {
    version: 1,
    ...size,
    fps,
    durationMs: cast.durationMs,
    scenes: scenesOf(cast, direction),
    speaking: marksOf(cast),
  };
}

function scenesOf(cast: Cast, { layout, size, places = GRID_PLACES, columns }: Direction): Scene[] {
  const members = new Map(cast.members.map((member) => [member.userId, member]));
  const scenes: Scene[] = [];
  let choice = NOBODY;
  let movedMs = Number.NEGATIVE_INFINITY;
  const times = timesOf(cast);
  for (let index = 0, retryMs = Number.POSITIVE_INFINITY; ; ) {
    const eventMs = times[index] ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(eventMs, retryMs);
    if (atMs >= cast.durationMs && scenes.length > 0) return scenes;
    if (atMs === eventMs) index++;
    retryMs = Number.POSITIVE_INFINITY;
    const moment = new Moment(cast, members, atMs);
    const next = choose(layout, size, places, moment, choice);
    if (!isSame(next, choice)) {
      if (atMs - movedMs >= SHORTEST_SCENE_MS || hasLost(choice, moment)) {
        choice = next;
        movedMs = atMs;
      } else retryMs = movedMs + SHORTEST_SCENE_MS;
    }
    const tiles = tilesOf(choice, moment, layout, size, columns);
    if (!isSameTiles(scenes.at(-1)?.tiles, tiles)) scenes.push({ startMs: Math.max(0, atMs), tiles });
  }
}

/** Every moment at which anything may change. */
function timesOf({ members, sources }: Cast): number[] {
  const times = new Set([0]);
  for (const { present, turns } of members) {
    for (const { startMs, endMs } of present) times.add(startMs).add(endMs + LINGER_MS);
    for (const { startMs, endMs } of turns) times.add(startMs).add(endMs);
  }
  for (const { on } of sources) for (const { startMs, endMs } of on) times.add(startMs).add(endMs);
  return [...times].filter((atMs) => atMs >= 0).sort((a, b) => a - b);
}

const isSame = (a: Choice, b: Choice): boolean =>
  a.share === b.share &&
  a.star === b.star &&
  a.people.length === b.people.length &&
  a.people.every((userId, index) => userId === b.people[index]);

/** Whether somebody who is seen, or a screen, is no longer there. */
function hasLost({ share, star, people }: Choice, moment: Moment): boolean {
  const present = new Set(moment.present);
  return (
    (share !== undefined && !moment.shares.includes(share)) ||
    (star !== undefined && !present.has(star)) ||
    people.some((userId) => !present.has(userId))
  );
}

function tilesOf(
  { share, star, people }: Choice,
  moment: Moment,
  layout: CompositeLayout,
  size: Size,
  columns: number | undefined,
): Tile[] {
  const hasLead = share !== undefined || star !== undefined;
  const count = people.length + (hasLead ? 1 : 0);
  if (count === 0) return [];
  const places = placesOf(layout, size, people.length, hasLead, columns);
  const lead: ((place: Place) => Tile)[] =
    share !== undefined
      ? [(place) => shareTile(share, place)]
      : star !== undefined
        ? [(place) => personTile(star, moment, layout, place)]
        : [];
  const others = people.map(
    (userId) =>
      (place: Place): Tile =>
        personTile(userId, moment, layout, place),
  );
  return [...lead, ...others].flatMap((tile, index) => {
    const place = places[index];
    return place === undefined ? [] : [tile(place)];
  });
}

/** The lead's place first. */
function placesOf(
  layout: CompositeLayout,
  size: Size,
  people: number,
  hasLead: boolean,
  columns: number | undefined,
): readonly Place[] {
  const count = people + (hasLead ? 1 : 0);
  if (layout === 'side-by-side') return count === 1 ? [whole(size)] : halves(size);
  if (!hasLead || layout === 'grid') return gridPlaces(size, count, columns);
  const { stage, tiles } = stagePlaces(size, people);
  return [stage, ...tiles];
}

const shareTile = ({ userId, source }: CastSource, place: Place): Tile => ({
  userId,
  show: 'share',
  source,
  place,
});

function personTile(userId: string, moment: Moment, layout: CompositeLayout, place: Place): Tile {
  const camera = layout === 'audio-only' ? undefined : moment.camera(userId);
  return camera === undefined
    ? { userId, show: 'initials', place }
    : { userId, show: 'camera', source: camera.source, place };
}

const isSameTiles = (a: readonly Tile[] | undefined, b: readonly Tile[]): boolean =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);

const marksOf = ({ members }: Cast): Marked[] =>
  members
    .flatMap(({ userId, turns }) =>
      joined(turns, BREATH_MS)
        .filter(({ startMs, endMs }) => endMs - startMs >= SHORTEST_MARK_MS)
        .map((turn) => ({ userId, ...turn })),
    )
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
