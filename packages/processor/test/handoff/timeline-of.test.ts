import { expect, test } from 'vitest';
import { timelineOf } from '../../src/handoff/timeline-of.ts';
import { CAST, timelineFor } from './example.ts';

test('pictures lie where they are on the clock, nearest to the rate’s grid; sound is one clip of the whole call', () => {
  const { length, tracks } = timelineFor();
  expect(length).toBe(500);
  expect(tracks.map(({ kind, name, file, clips }) => [kind, name, file, clips])).toEqual([
    [
      'video',
      'alice',
      'proxy_alice.mp4',
      [
        { from: 2, to: 126 },
        { from: 200, to: 500 },
      ],
    ],
    ['video', 'alice (screen)', 'proxy_alice_shared.mp4', [{ from: 150, to: 175 }]],
    ['audio', 'alice', 'stem alice#1.wav', [{ from: 0, to: 500 }]],
    ['audio', 'bob', 'stem_bob.wav', [{ from: 0, to: 500 }]],
  ]);
});

test('two cameras of one user · are told apart by a number', () => {
  const [camera, ...others] = CAST.sources;
  if (camera === undefined) throw new Error('no camera');
  const second = { ...camera.source, trackId: 't-second' };
  const cast = { ...CAST, sources: [camera, { ...camera, source: second }, ...others] };
  const { tracks, markers } = timelineOf(cast, {
    ...{ name: 'a', fps: 25, size: { width: 2, height: 2 }, startsAt: '', madeBy: '', names: {} },
    media: [camera.source, second].map(({ trackId, ...source }) => ({
      kind: 'proxy',
      file: `${trackId}.mp4`,
      source: { trackId, ...source },
      channels: 0,
    })),
  });
  expect(tracks.map(({ name }) => name)).toEqual(['alice', 'alice 2']);
  expect(markers.map(({ name }) => name)).toContain('alice 2: camera off');
});

test('a proxy is as long as its last picture; the files and the timeline begin at one moment', () => {
  expect(timelineFor().tracks.map((track) => track.length)).toEqual([500, 175, 500, 500]);
});

test('a track has the channels of its file’s sound, none where a picture has no sound', () => {
  expect(timelineFor().tracks.map(({ channels }) => channels)).toEqual([1, 0, 1, 2]);
});

test('a camera that is off, and somebody who is away, are markers of that length beside the chapters', () => {
  const { markers } = timelineFor({ alice: { name: 'Alice Liddell' } });
  expect(markers).toEqual([
    { from: 0, to: 1, kind: 'chapter', name: 'Alice Liddell joins, bob joins' },
    { from: 126, to: 200, kind: 'camera-off', name: 'Alice Liddell: camera off' },
    {
      from: 150,
      to: 151,
      kind: 'chapter',
      name: 'Alice Liddell shares a screen, Alice Liddell stops sharing, bob leaves',
    },
    { from: 200, to: 300, kind: 'away', name: 'bob: away' },
    { from: 300, to: 301, kind: 'chapter', name: 'bob joins' },
  ]);
});

test('turns are everybody’s in the order of time', () => {
  expect(timelineFor().turns).toEqual([
    { startMs: 1000.2, endMs: 3000, name: 'alice' },
    { startMs: 2500, endMs: 4000, name: 'bob' },
  ]);
});
