import { expect, test } from 'vitest';
import { scenesOfWindow } from '../../src/composite/scenes/scenes-of-window.ts';
import type { SceneList } from '../../src/plan/scene-list.ts';

const place = { x: 0, y: 0, width: 64, height: 64 };
const shows = (userId: string, startMs: number) => ({
  startMs,
  tiles: [{ userId, show: 'initials' as const, place }],
});

const LIST: SceneList = {
  version: 1,
  width: 64,
  height: 64,
  fps: 25,
  durationMs: 30_000,
  offsetMs: 200,
  scenes: [shows('a', 0), shows('b', 9_800), shows('c', 14_000.1), shows('d', 20_000)],
  speaking: [
    { userId: 'a', startMs: 1000, endMs: 12_000 },
    { userId: 'b', startMs: 12_000, endMs: 13_000 },
    { userId: 'd', startMs: 25_000, endMs: 26_000 },
  ],
};

const told = ({ scenes }: SceneList) => scenes.map(({ startMs, tiles }) => `${startMs} ${tiles[0]?.userId}`);

test('of the same film · the scenes as they are', () => {
  expect(scenesOfWindow(LIST, 200, 30_000)).toEqual(LIST);
  const { offsetMs: _, ...silent } = LIST;
  expect(scenesOfWindow(silent, 700, 30_000)).toEqual({ ...LIST, offsetMs: 700 });
});

test('of a part · those of its time, on its clock, and who speaks in it', () => {
  const part = scenesOfWindow(LIST, 10_000, 10_000);
  expect(told(part)).toEqual(['0 b', '4200.1 c']);
  expect(part).toMatchObject({ durationMs: 10_000, offsetMs: 10_000 });
  expect(part.speaking).toEqual([
    { userId: 'a', startMs: 0, endMs: 2200 },
    { userId: 'b', startMs: 2200, endMs: 3200 },
  ]);
});

test('of a film that begins before · the first is shown from its beginning', () => {
  expect(told(scenesOfWindow({ ...LIST, offsetMs: 5000 }, 0, 60_000))).toEqual([
    '0 a',
    '14800 b',
    '19000.1 c',
    '25000 d',
  ]);
});

test('of a part behind all of them · the last stands', () => {
  expect(told(scenesOfWindow(LIST, 29_000, 5000))).toEqual(['0 d']);
});
