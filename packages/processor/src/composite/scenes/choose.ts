import type { CompositeLayout } from '../../plan/plan.ts';
import type { Size } from '../../plan/scene-list.ts';
import type { CastSource } from './cast.ts';
import { besideStage } from './geometry.ts';
import type { Moment } from './moment.ts';

/** Places of a grid: with more, faces are smaller than a thumb. */
export const GRID_PLACES = 16;

/** Who is seen, and what stands on the stage: chosen anew at each moment from the choice before it. */
export interface Choice {
  /** A screen that is shared. */
  readonly share?: CastSource | undefined;
  /** Whoever has the stage. */
  readonly star?: string | undefined;
  /** The others, in the order of their places. */
  readonly people: readonly string[];
}

export const NOBODY: Choice = { people: [] };

export function choose(
  layout: CompositeLayout,
  size: Size,
  places: number,
  moment: Moment,
  before: Choice,
): Choice {
  const { present } = moment;
  const [share] = moment.shares;
  const seen = (count: number, but?: string) =>
    shown(
      moment,
      before.people,
      but === undefined ? present : present.filter((userId) => userId !== but),
      count,
    );
  const beside = Math.min(places, besideStage(size));
  switch (layout) {
    case 'auto':
      return share === undefined ? { people: seen(places) } : { share, people: seen(beside) };
    case 'grid':
      return share === undefined ? { people: seen(places) } : { share, people: seen(places - 1) };
    case 'audio-only':
      return { people: seen(places) };
    case 'spotlight': {
      if (share !== undefined) return { share, people: seen(beside) };
      const star = starOf(moment, before.star, present);
      return { star, people: seen(beside, star) };
    }
    case 'single':
      if (share !== undefined) return { share, people: [] };
      return { star: starOf(moment, before.star, present), people: [] };
    case 'screenshare':
      return { share, people: [] };
    case 'side-by-side': {
      if (share === undefined) return { people: seen(2) };
      return { share, people: seen(1) };
    }
    default:
      return layout satisfies never;
  }
}

/** Who has the stage keeps it while speaking, and until another says more than a word. */
function starOf(moment: Moment, before: string | undefined, present: readonly string[]): string | undefined {
  const isThere = before !== undefined && present.includes(before);
  if (isThere && moment.isSpeaking(before)) return before;
  const [next] = present
    .filter((userId) => moment.hasTheFloor(userId))
    .sort((a, b) => moment.speaksOnMs(b) - moment.speaksOnMs(a));
  if (next !== undefined) return next;
  if (isThere) return before;
  return byNeed(moment, present)[0];
}

/** Those who were seen stay where they are; who speaks and is not seen takes the place of who was heard longest ago. */
function shown(
  moment: Moment,
  before: readonly string[],
  present: readonly string[],
  places: number,
): readonly string[] {
  const there = new Set(present);
  let people = before.filter((userId) => there.has(userId));
  if (people.length > places) {
    const kept = new Set(byNeed(moment, people).slice(0, places));
    people = people.filter((userId) => kept.has(userId));
  }
  let waiting = present.filter((userId) => !people.includes(userId));
  if (waiting.length > 0 && people.length < places) {
    const seated = byNeed(moment, waiting).slice(0, places - people.length);
    people = [...people, ...seated];
    waiting = waiting.filter((userId) => !seated.includes(userId));
  }
  const speaking = waiting.filter((userId) => moment.hasTheFloor(userId));
  for (const next of byNeed(moment, speaking)) {
    const idle = people.filter((userId) => !moment.isSpeaking(userId));
    const longest = byNeed(moment, idle).at(-1);
    if (longest === undefined) break;
    people = people.map((userId) => (userId === longest ? next : userId));
  }
  return people;
}

/** Who should be seen first: who was heard last, then who has a camera, then who came first. */
function byNeed(moment: Moment, people: readonly string[]): string[] {
  const isFilmed = (userId: string) => Number(moment.camera(userId) !== undefined);
  return people
    .map((userId) => ({ userId, heardMs: moment.heardMs(userId) }))
    .sort((a, b) => compare(b.heardMs, a.heardMs) || isFilmed(b.userId) - isFilmed(a.userId))
    .map(({ userId }) => userId);
}

/** Differences of infinities are no number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
