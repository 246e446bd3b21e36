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

  test('three hundred of each in one session · all are in a file, most with who overlaps', () => {
    const starts = Array.from({ length: 300 }, (_, index) => index * 100);
    const sounds = starts.map((startMs) => track('audio', startMs, startMs + 90));
    const pictures = [...starts].reverse().map((startMs) => track('video', startMs, startMs + 90));
    const found = pairs(...sounds, ...pictures);
    expect(new Set(found.flat()).size).toBe(600);
    const inOrder = pairs(...sounds, ...[...pictures].reverse());
    expect(inOrder.every(([picture = 0, sound = 0]) => picture - 300 === sound)).toBe(true);
  });

  test('segments of which several lie over one another · each counts', () => {
    const segment = (startMs: number, endMs: number) => ({
      base: 'x',
      timing: { firstRtpUnixMs: startMs, lastRtpUnixMs: endMs },
    });
    const twice = track('video', 0, 0, { segments: [segment(10, 20), segment(10, 20)] });
    const once = track('video', 0, 0, { segments: [segment(5, 20)] });
    expect(pairs(track('audio', 0, 30), once, twice)).toContainEqual([2, 0]);
    expect(pairs(track('audio', 10, 20), track('audio', 0, 9), once, twice)).toEqual([
      [3, 0],
      [2, 1],
    ]);
  });
});
