import { describe, expect, test } from 'vitest';
import type { Cast, CastMember, CastSource } from '../../src/composite/scenes/cast.ts';
import { type Direction, directScenes } from '../../src/composite/scenes/direct-scenes.ts';
import { headerHeight } from '../../src/composite/scenes/geometry.ts';
import type { CompositeLayout } from '../../src/plan/plan.ts';
import type { Scene, SceneList, Size, SourceId, Span } from '../../src/plan/scene-list.ts';

/** What is promised, whatever the code has. */
const [SHORTEST_SCENE_MS, LINGER_MS] = [1500, 2000];

const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });

const member = (userId: string, present: readonly Span[], turns: readonly Span[] = []): CastMember => ({
  userId,
  present,
  turns,
});

const source = (userId: string, on: readonly Span[], isShare = false): CastSource => ({
  userId,
  source: { sessionId: `s-${userId}`, trackId: isShare ? 'screen' : 'camera', codec: 'vp8' },
  isShare,
  on,
});

const castOf = (
  durationMs: number,
  members: readonly CastMember[],
  sources: readonly CastSource[] = [],
): Cast => ({ durationMs, members, sources });

const direct = (cast: Cast, layout: CompositeLayout = 'auto', more: Partial<Direction> = {}): SceneList =>
  directScenes(cast, { layout, size: { width: 1280, height: 720 }, fps: 25, ...more });

/** Scenes as words: `alice*` has a camera, `alice!` shares a screen. */
const told = ({ scenes }: SceneList): string[] =>
  scenes.map(({ startMs, tiles }) => {
    const marks = { camera: '*', share: '!', initials: '' };
    return `${startMs} ${tiles.map(({ userId, show }) => `${userId}${marks[show]}`).join(' ')}`.trimEnd();
  });

describe('who is seen', () => {
  test('people come and go · a place is kept for a moment, and is free then', () => {
    const cast = castOf(30_000, [
      member('alice', [span(0, 30_000)]),
      member('bob', [span(5000, 12_000), span(20_000, 30_000)]),
    ]);
    expect(told(direct(cast))).toEqual([
      '0 alice',
      '5000 alice bob',
      `${12_000 + LINGER_MS} alice`,
      '20000 alice bob',
    ]);
  });

  test('a camera that is off · initials stand in its place, and nobody moves', () => {
    const cast = castOf(
      20_000,
      [member('alice', [span(0, 20_000)]), member('bob', [span(0, 20_000)])],
      [source('alice', [span(0, 6000), span(9000, 20_000)]), source('bob', [span(0, 20_000)])],
    );
    const list = direct(cast);
    expect(told(list)).toEqual(['0 alice* bob*', '6000 alice bob*', '9000 alice* bob*']);
    const places = list.scenes.map(({ tiles }) => JSON.stringify(tiles.map(({ place }) => place)));
    expect(new Set(places).size).toBe(1);
  });

  test('a shared screen · takes the stage in auto, and gives it back', () => {
    const cast = castOf(
      20_000,
      [member('alice', [span(0, 20_000)]), member('bob', [span(0, 20_000)])],
      [source('alice', [span(0, 20_000)]), source('bob', [span(4000, 9000)], true)],
    );
    expect(told(direct(cast))).toEqual(['0 alice* bob', '4000 bob! alice* bob', '9000 alice* bob']);
    expect(told(direct(cast, 'screenshare'))).toEqual(['0', '4000 bob!', '9000']);
    expect(told(direct(cast, 'single'))).toEqual(['0 alice*', '4000 bob!', '9000 alice*']);
    expect(told(direct(cast, 'audio-only'))).toEqual(['0 alice bob']);
  });

  test('a shared screen in a grid · is a tile among others, all of one size', () => {
    const cast = castOf(
      20_000,
      [member('alice', [span(0, 20_000)]), member('bob', [span(0, 20_000)])],
      [source('bob', [span(4000, 9000)], true)],
    );
    const list = direct(cast, 'grid');
    expect(told(list)).toEqual(['0 alice bob', '4000 bob! alice bob', '9000 alice bob']);
    const sizes = list.scenes[1]?.tiles.map(({ place: { width, height } }) => `${width}x${height}`);
    expect(new Set(sizes)).toEqual(new Set(['608x342']));
  });

  test('a shared screen in a grid · has one of the places that there are', () => {
    const people = ['a', 'b', 'c', 'd'].map((userId) => member(userId, [span(0, 9000)]));
    const cast = castOf(9000, people, [source('d', [span(3000, 6000)], true)]);
    expect(told(direct(cast, 'grid', { places: 3 }))).toEqual(['0 a b c', '3000 d! a b', '6000 a b c']);
  });

  test('two shared screens · the one shared last has the stage, until it ends', () => {
    const cast = castOf(
      20_000,
      [member('alice', [span(0, 20_000)]), member('bob', [span(0, 20_000)])],
      [source('alice', [span(3000, 18_000)], true), source('bob', [span(6000, 12_000)], true)],
    );
    const starts = ['0 alice bob', '3000 alice! alice bob', '6000 bob! alice bob'];
    expect(told(direct(cast))).toEqual([...starts, '12000 alice! alice bob', '18000 alice bob']);
  });

  test('side by side · a screen and whoever was heard last, or the two of them, each in a half', () => {
    const present = [span(0, 20_000)];
    const cast = castOf(
      20_000,
      [
        member('alice', present),
        member('bob', present, [span(1000, 3000)]),
        member('carol', present, [span(6000, 8000)]),
      ],
      [source('alice', [span(9000, 15_000)], true)],
    );
    const list = direct(cast, 'side-by-side');
    expect(told(list)).toEqual(['0 alice bob', '6000 carol bob', '9000 alice! carol', '15000 carol bob']);
    const halves = [
      { x: 12, y: 12, width: 622, height: 696 },
      { x: 646, y: 12, width: 622, height: 696 },
    ];
    for (const { tiles } of list.scenes) expect(tiles.map(({ place }) => place)).toEqual(halves);
  });

  test('spotlight · who says more than a word gets the stage, and keeps it in silence', () => {
    const cast = castOf(30_000, [
      member('alice', [span(0, 30_000)], [span(1000, 6000), span(20_000, 20_400)]),
      member('bob', [span(0, 30_000)], [span(4000, 9000), span(15_000, 15_500)]),
    ]);
    const list = direct(cast, 'spotlight');
    expect(told(list)).toEqual(['0 alice bob', '6000 bob alice']);
    for (const { tiles } of list.scenes)
      expect(tiles.map(({ place: { width } }) => width > 900)).toEqual([true, false]);
  });

  test('more people than places · who speaks takes the place of who was heard longest ago', () => {
    const cast = castOf(30_000, [
      member('a', [span(0, 30_000)], [span(0, 3000)]),
      member('b', [span(0, 30_000)], [span(3000, 6000)]),
      member('c', [span(0, 30_000)], [span(8000, 12_000), span(20_000, 20_500)]),
      member('d', [span(0, 30_000)], [span(14_000, 18_000)]),
    ]);
    expect(told(direct(cast, 'grid', { places: 2 }))).toEqual(['0 a b', '8000 c b', '14000 c d']);
  });

  test('marks · a breath does not end one, a click begins none', () => {
    const cast = castOf(10_000, [
      member('a', [span(0, 10_000)], [span(1000, 2000), span(2400, 3000), span(6000, 6120)]),
    ]);
    expect(direct(cast).speaking).toEqual([{ userId: 'a', startMs: 1000, endMs: 3000 }]);
  });

  test('nobody there · one empty scene', () => {
    expect(told(direct(castOf(5000, [])))).toEqual(['0']);
  });
});

/** A call in which all happens at once, the same for a seed. */
function wildCast(seed: number): Cast {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const durationMs = 120_000;
  const spans = (most: number, longestMs: number): Span[] => {
    const found: Span[] = [];
    for (let atMs = random(5000); found.length < most && atMs < durationMs; atMs += 50 + random(9000)) {
      const endMs = Math.min(durationMs, atMs + 100 + random(longestMs));
      found.push(span(atMs, endMs));
      atMs = endMs;
    }
    return found;
  };
  const users = Array.from({ length: 2 + random(9) }, (_, index) => `u${index}`);
  return castOf(
    durationMs,
    users.map((userId) => member(userId, spans(4, 60_000), spans(30, 4000))),
    users.flatMap((userId) => [source(userId, spans(6, 30_000)), source(userId, spans(2, 20_000), true)]),
  );
}

test('who comes before anybody could be moved · is there from the beginning, cameras when they are', () => {
  const cast = castOf(
    9000,
    [
      member('a', [span(0, 9000)]),
      member('b', [span(300, 9000)]),
      member('c', [span(1400, 9000)]),
      member('d', [span(1600, 9000)]),
    ],
    [source('a', [span(100, 9000)]), source('c', [span(1450, 9000)])],
  );
  expect(told(direct(cast))).toEqual(['0 a b c', '100 a* b c', '1450 a* b c*', '1600 a* b c* d']);
});

test('a stage · is larger with the others below it where the picture is nearly square', () => {
  const cast = castOf(
    60_000,
    ['a', 'b', 'c', 'd'].map((userId) => member(userId, [span(0, 60_000)])),
    [source('a', [span(0, 60_000)], true)],
  );
  const stageOf = (width: number, height: number) =>
    direct(cast, 'auto', { size: { width, height } }).scenes.at(-1)?.tiles[0]?.place;
  const [square, wide] = [stageOf(1080, 1080), stageOf(1920, 1080)];
  expect(square?.width).toBeGreaterThan(1000);
  expect([wide?.height, (wide?.width ?? 0) < 1600]).toEqual([1044, true]);
});

test('columns that are asked for · are no more than people', () => {
  const cast = castOf(9000, [member('a', [span(0, 9000)]), member('b', [span(0, 9000)])]);
  const [scene] = direct(cast, 'grid', { columns: 5 }).scenes;
  expect(scene?.tiles.map(({ place }) => place.width)).toEqual([622, 622]);
});

describe.each(['auto', 'grid', 'spotlight', 'single', 'screenshare', 'side-by-side', 'audio-only'] as const)(
  'a wild call · %s',
  (layout) => {
    const casts = Array.from({ length: 30 }, (_, index) => wildCast(index * 7919 + 1));
    const whoIsWhere = ({ scenes }: SceneList) =>
      scenes.map(({ startMs, tiles }) => ({
        startMs,
        who: new Set(tiles.map(({ userId, show }) => `${userId} ${show === 'share'}`)),
        where: JSON.stringify(tiles.map(({ userId, show, place }) => [userId, show === 'share', place])),
      }));

    test('tiles stay for a while, unless somebody who was seen is gone', () => {
      let changes = 0;
      for (const cast of casts) {
        let movedMs = Number.NEGATIVE_INFINITY;
        const scenes = whoIsWhere(direct(cast, layout, { places: 4 }));
        for (const [index, { startMs, where }] of scenes.entries()) {
          const before = scenes[index - 1];
          if (before === undefined || before.where === where) continue;
          changes++;
          const isGone = [...before.who].some((who) => !isThere(cast, who, startMs));
          if (!isGone) expect(startMs - movedMs).toBeGreaterThanOrEqual(SHORTEST_SCENE_MS);
          movedMs = startMs;
        }
      }
      expect(changes).toBeGreaterThan(30);
    });

    test.each([
      [720, 1280],
      [1280, 720],
      [960, 720],
      [1080, 1080],
      [4096, 320],
      [240, 2160],
    ])(
      '%i × %i · tiles lie apart and within, nobody is seen twice, and pictures are there',
      (width, height) => {
        const flaws: unknown[] = [];
        const size = { width, height };
        for (const [index, cast] of casts.slice(0, 10).entries()) {
          const hasHeader = index % 2 === 0;
          const top = hasHeader ? headerHeight(size) : 0;
          for (const scene of direct(cast, layout, { size, hasHeader }).scenes)
            if (!isSound(cast, scene, size, top)) flaws.push(scene);
        }
        expect(flaws).toEqual([]);
      },
    );
  },
);

function isSound(
  { sources }: Cast,
  { startMs, tiles }: Scene,
  { width, height }: Size,
  top: number,
): boolean {
  const seen = new Set(tiles.map(({ userId, show }) => `${userId} ${show === 'share'}`));
  const isOn = (shown: SourceId) =>
    sources
      .find(({ source: each }) => JSON.stringify(each) === JSON.stringify(shown))
      ?.on.some((on) => on.startMs <= startMs && startMs < on.endMs);
  return (
    seen.size === tiles.length &&
    tiles.every(
      ({ source: shown, place }, index) =>
        Object.values(place).every((side) => side % 2 === 0) &&
        place.y >= top &&
        place.x + place.width <= width &&
        place.y + place.height <= height &&
        tiles.slice(index + 1).every((other) => !overlaps(place, other.place)) &&
        (shown === undefined || isOn(shown) === true),
    )
  );
}

const overlaps = (a: SceneList['scenes'][0]['tiles'][0]['place'], b: typeof a): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function isThere({ members, sources }: Cast, who: string, atMs: number): boolean {
  const [userId, isShare] = who.split(' ');
  const isIn = ({ startMs, endMs }: Span, lingerMs: number) => startMs <= atMs && atMs < endMs + lingerMs;
  if (isShare === 'true')
    return sources.some(
      (each) => each.isShare && each.userId === userId && each.on.some((on) => isIn(on, 0)),
    );
  const present = members.find((each) => each.userId === userId)?.present ?? [];
  return present.some((each) => isIn(each, LINGER_MS));
}
