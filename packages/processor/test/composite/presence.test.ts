import { expect, test } from 'vitest';
import { presenceOf, sharesOf } from '../../src/composite/presence.ts';
import type { PlacedTrack } from '../../src/read/placed-track.ts';

type Run = readonly [startMs: number, endMs: number];

const track = (userId: string, sessionId: string, runs: readonly Run[], screenshare = false): PlacedTrack => {
  const facts = { userId, sessionId, kind: screenshare ? 'video' : 'audio', screenshare };
  return { track: facts, runs: runs.map(([startMs, endMs]) => ({ startMs, endMs })) } as never;
};

test('somebody is there from a session’s first packet to its last, and while they reconnect for three seconds', () => {
  const placed = [
    track('alice', 'first', [
      [1000, 2000],
      [60_000, 61_000],
    ]),
    track('alice', 'second', [[63_900, 70_000]]),
    track('alice', 'third', [[73_100, 80_000]]),
    track('bob', 'other', [[5000, 6000]]),
  ];
  expect(presenceOf(placed)).toEqual([
    {
      userId: 'alice',
      present: [
        { startMs: 1000, endMs: 70_000 },
        { startMs: 73_100, endMs: 80_000 },
      ],
    },
    { userId: 'bob', present: [{ startMs: 5000, endMs: 6000 }] },
  ]);
});

test('a screen is shared while something of it comes', () => {
  const runs: readonly Run[] = [
    [1000, 2000],
    [4000, 5000],
    [9000, 9500],
  ];
  expect(sharesOf([track('bob', 's', runs, true), track('bob', 's', runs)])).toEqual([
    {
      ...{ userId: 'bob', isShare: true },
      on: [
        { startMs: 1000, endMs: 5000 },
        { startMs: 9000, endMs: 9500 },
      ],
    },
  ]);
});
