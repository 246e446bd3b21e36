import { describe, expect, test } from 'vitest';
import { pairTracks } from '../../src/plan/pair-tracks.ts';
import type { PlannedTrack } from '../../src/plan/plan.ts';

let count = 0;

function track(
  kind: 'audio' | 'video',
  startMs: number,
  endMs: number,
  facts: Partial<PlannedTrack> = {},
): PlannedTrack {
  return {
    userId: 'alice',
    sessionId: 's-1',
    trackId: `t-${++count}`,
    trackType: kind === 'audio' ? 'TRACK_TYPE_AUDIO' : 'TRACK_TYPE_VIDEO',
    kind,
    screenshare: false,
    segments: [{ base: 'x', timing: { firstRtpUnixMs: startMs, lastRtpUnixMs: endMs } }],
    ...facts,
  };
}

const pairs = (...tracks: PlannedTrack[]) => pairTracks(tracks).map((pair) => pair.tracks);

describe('pairing', () => {
  test('microphone and camera of a session, the picture first', () => {
    expect(pairs(track('audio', 0, 10), track('video', 0, 10))).toEqual([[1, 0]]);
  });

  test('never across users, sessions or media kinds', () => {
    const found = pairTracks([
      track('audio', 0, 10),
      track('video', 0, 10, { userId: 'bob' }),
      track('video', 0, 10, { sessionId: 's-2' }),
      track('video', 0, 10, { screenshare: true }),
    ]);
    expect(found.map(({ tracks }) => tracks)).toEqual([[0], [1], [2], [3]]);
    expect(found.map(({ screenshare }) => screenshare)).toEqual([false, false, false, true]);
  });

  test('two microphones and two cameras · those that overlap longest', () => {
    expect(
      pairs(track('audio', 0, 50), track('audio', 60, 90), track('video', 58, 90), track('video', 0, 40)),
    ).toEqual([
      [3, 0],
      [2, 1],
    ]);
  });

  test('two microphones, one camera · two files, each with the camera and named by its microphone', () => {
    const found = pairTracks([track('audio', 0, 50), track('audio', 10, 40), track('video', 0, 50)]);
    expect(found.map(({ tracks }) => tracks)).toEqual([
      [2, 0],
      [2, 1],
    ]);
    expect(found.map(({ names }) => names)).toEqual([0, 1]);
  });

  test('nothing is lost where nothing overlaps', () => {
    const found = pairs(track('audio', 0, 5), track('video', 9, 12), track('video', 20, 30));
    expect(found.flat().sort()).toEqual([0, 0, 1, 2]);
  });
});
