import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioTrackSpec, generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlacedTrack } from '../../src/read/placed-track.ts';
import type { PlacedRun } from '../../src/time/placed-run.ts';
import { compareFile } from '../../src/verify/verify-file.ts';
import { makeFile } from './support/make-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** For 1.5 s, twice, nothing is captured, and the media clock stands. */
const SEGMENTS = [
  {
    startMs: 200,
    durationMs: 60_000,
    pauses: [
      { atMs: 22_000, wallMs: 1500, rtpMs: 20 },
      { atMs: 38_000, wallMs: 1500, rtpMs: 20 },
    ],
  },
];
const SOUND: AudioTrackSpec = { kind: 'audio', background: 0.1, segments: SEGMENTS };
const PICTURE: VideoTrackSpec = {
  kind: 'video',
  codec: 'vp8',
  width: 160,
  height: 120,
  fps: 10,
  keyFrameEveryMs: 2000,
  segments: [{ startMs: 400, durationMs: 60_000 }],
};

const callOf = (...tracks: (AudioTrackSpec | VideoTrackSpec)[]) =>
  generateCall({ seed: 5, users: [{ id: 'alice', sessions: [{ tracks }] }] });

const mismatchesOf = async (
  tracks: readonly (AudioTrackSpec | VideoTrackSpec)[],
  misplace?: (placed: PlacedTrack) => PlacedTrack,
) => {
  await using made = await makeFile(await callOf(...tracks), folder, {}, misplace);
  const { mismatches, frames } = await compareFile(made.expected());
  expect(frames).toBeGreaterThan(500);
  return mismatches.map(({ what, message }) => `${what}: ${message}`);
};

const withClocks = (placed: PlacedTrack, clockOf: (run: PlacedRun) => PlacedRun['clock']): PlacedTrack => ({
  ...placed,
  runs: placed.runs.map((run) => ({ ...run, clock: clockOf(run) })),
});

/** As if ticks were time: all of a run on the line it begins on. */
const stallsUnseen = (placed: PlacedTrack): PlacedTrack =>
  withClocks(placed, ({ clock }) => clock.slice(0, 1));

const picturesLate = (placed: PlacedTrack): PlacedTrack =>
  placed.track.kind === 'audio'
    ? placed
    : withClocks(placed, ({ clock }) => clock.map((piece) => ({ ...piece, startMs: piece.startMs + 200 })));

describe('a place that the solve got wrong, so that file and source agree', () => {
  test('places as they are · nothing is named', async () => {
    expect(await mismatchesOf([SOUND, PICTURE])).toEqual([]);
  });

  test('stalls of a microphone not followed · its time is named', async () => {
    const found = await mismatchesOf([SOUND], stallsUnseen);
    expect(found).toEqual([
      expect.stringMatching(/^time: audio: up to (1|2|3)\d{3} ms too (early|late) between /),
    ]);
  });

  test('pictures all 200 ms late · when they came says so, and the sound’s reports', async () => {
    const found = await mismatchesOf([SOUND, PICTURE], picturesLate);
    expect(found).toEqual([
      expect.stringMatching(
        /^time: video: up to (19|20)\d ms too late .*, as its reports and receive times say$/,
      ),
      expect.stringMatching(/^time: video: up to (19|20)\d ms too late .*, as the reports of the audio say$/),
    ]);
  });
});
