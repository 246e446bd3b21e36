import type { CompositeLayout } from '../../plan/plan.ts';
import type { Marked, Place, Scene, SceneList, Size, Span, Tile } from '../../plan/scene-list.ts';
import { CAMERA_OFF_MS } from '../decoders/track-outline.ts';
import type { Cast, CastSource } from './cast.ts';
import { type Choice, choose, GRID_PLACES, NOBODY } from './choose.ts';
import { alone, gridPlaces, halves, headerHeight, stagePlaces, whole } from './geometry.ts';
import { CastIndex, LINGER_MS, Moment } from './moment.ts';
import { joined } from './spans.ts';

export interface Direction {
  readonly layout: CompositeLayout;
  readonly size: Size;
  readonly fps: number;
  /** Places of a grid; 16 unless told. */
  readonly places?: number | undefined;
  /** Columns of a grid; as many as make tiles largest unless told. */
  readonly columns?: number | undefined;
  /** Whether a strip at the top is left free. */
  readonly hasHeader?: boolean | undefined;
  /** From the recording's zero to the film's. */
  readonly offsetMs?: number | undefined;
}

/** Tiles stay where they are for so long, unless somebody leaves: what changes more often flickers. */
export const SHORTEST_SCENE_MS = 1500;

/** Somebody who takes a breath is marked through it. */
const BREATH_MS = 700;

/** A click or a cough marks nobody. */
const SHORTEST_MARK_MS = 300;

/** Says who is seen where, and when that changes. */
export function directScenes(cast: Cast, direction: Direction): SceneList {
  const { size, fps, offsetMs } = direction;
  return {
    version: 1,
    ...size,
    fps,
    durationMs: cast.durationMs,
    offsetMs,
    scenes: scenesOf(withSeatsFromStart(cast), direction),
    speaking: marksOf(cast),
  };
}

/** The cast of a film in which a last picture stands that stops just before it does: nobody is seen to turn a camera off. */
export function heldToEnd(cast: Cast): Cast {
  const held = (span: Span): Span =>
    cast.durationMs - span.endMs < CAMERA_OFF_MS ? { ...span, endMs: cast.durationMs } : span;
  return { ...cast, sources: cast.sources.map((source) => ({ ...source, on: source.on.map(held) })) };
}

/** Who comes before anybody could be moved is there from the beginning: most recordings begin in the middle of a call. */
function withSeatsFromStart(cast: Cast): Cast {
  const fromStart = (present: readonly Span[]): readonly Span[] =>
    present.map((span) => (span.startMs < SHORTEST_SCENE_MS ? { ...span, startMs: 0 } : span));
  const members = cast.members.map((member) => ({ ...member, present: fromStart(member.present) }));
  return { ...cast, members };
}

function scenesOf(cast: Cast, direction: Direction): Scene[] {
  const { layout, size, places = GRID_PLACES } = direction;
  const index = new CastIndex(cast);
  const scenes: Scene[] = [];
  let choice = NOBODY;
  let seats: readonly Place[] = [];
  let movedMs = Number.NEGATIVE_INFINITY;
  const times = timesOf(cast);
  for (let event = 0, retryMs = Number.POSITIVE_INFINITY; ; ) {
    const eventMs = times[event] ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(eventMs, retryMs);
    if (atMs >= cast.durationMs && scenes.length > 0) return scenes;
    if (atMs === eventMs) event++;
    retryMs = Number.POSITIVE_INFINITY;
    const moment = new Moment(index, atMs);
    const next = choose(layout, size, places, moment, choice);
    if (!isSame(next, choice)) {
      if (atMs - movedMs >= SHORTEST_SCENE_MS || hasLost(choice, moment)) {
        choice = next;
        seats = seatsOf(choice, direction);
        movedMs = atMs;
      } else retryMs = movedMs + SHORTEST_SCENE_MS;
    }
    const tiles = tilesOf(choice, seats, moment, layout);
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

/** The place of whoever leads first, where somebody does. */
function seatsOf(choice: Choice, { layout, size, columns, hasHeader = false }: Direction): readonly Place[] {
  const count = choice.people.length + (hasLead(choice) ? 1 : 0);
  if (count === 0) return [];
  if (!hasHeader) return count === 1 ? [whole(size)] : placesOf(choice, count, layout, size, columns);
  const top = headerHeight(size);
  const below = { width: size.width, height: size.height - top };
  const places = count === 1 ? [alone(below)] : placesOf(choice, count, layout, below, columns);
  return places.map((place) => ({ ...place, y: place.y + top }));
}

const hasLead = ({ share, star }: Choice): boolean => share !== undefined || star !== undefined;

/** Of two or more. */
function placesOf(
  choice: Choice,
  count: number,
  layout: CompositeLayout,
  size: Size,
  columns: number | undefined,
): readonly Place[] {
  if (layout === 'side-by-side') return halves(size);
  if (!hasLead(choice) || layout === 'grid') return gridPlaces(size, count, columns);
  const { stage, tiles } = stagePlaces(size, count - 1);
  return [stage, ...tiles];
}

function tilesOf(
  { share, star, people }: Choice,
  seats: readonly Place[],
  moment: Moment,
  layout: CompositeLayout,
): Tile[] {
  const seated = star === undefined ? people : [star, ...people];
  const [stage] = share === undefined ? [] : seats;
  const others = stage === undefined ? seats : seats.slice(1);
  return [
    ...(share === undefined || stage === undefined ? [] : [shareTile(share, stage)]),
    ...others.flatMap((place, index) => {
      const userId = seated[index];
      return userId === undefined ? [] : [personTile(userId, moment, layout, place)];
    }),
  ];
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
  a?.length === b.length && a.every((tile, index) => isSameTile(tile, b[index]));

const isSameTile = (a: Tile, b: Tile | undefined): boolean =>
  a.userId === b?.userId && a.show === b.show && a.source === b.source && isSamePlace(a.place, b.place);

const isSamePlace = (a: Place, b: Place): boolean =>
  a === b || (a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height);

const marksOf = ({ members }: Cast): Marked[] =>
  members
    .flatMap(({ userId, turns }) =>
      joined(turns, BREATH_MS)
        .filter(({ startMs, endMs }) => endMs - startMs >= SHORTEST_MARK_MS)
        .map((turn) => ({ userId, ...turn })),
    )
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
