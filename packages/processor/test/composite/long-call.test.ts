import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCall } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, watchVideo } from '@rawreel/fixtures/judge';
import { expect, test } from 'vitest';
import { makeFilm } from './make-film.ts';

const network = { delayMs: 0, jitterMs: 0 };
const LENGTH_MS = 3 * 3_600_000;
const LAST_MS = 12_000;
const FPS = 50;
const PICTURE_MS = 1000 / FPS;

test('the last seconds of three hours, whose clocks are half a second off by then · lips and voice are together', async () => {
  const startMs = LENGTH_MS - LAST_MS;
  const call = await generateCall({
    seed: 11,
    users: [
      {
        id: 'alice',
        sessions: [
          {
            tracks: [
              {
                ...{ kind: 'audio', network, hz: 500, driftPpm: -45 },
                segments: [
                  { startMs: 0, durationMs: 10_000 },
                  { startMs, durationMs: LAST_MS },
                ],
              },
              {
                ...{ kind: 'video', codec: 'vp8', network, driftPpm: 60, width: 64, height: 48 },
                segments: [
                  {
                    startMs: 0,
                    durationMs: LENGTH_MS,
                    keyFrameEveryMs: 600_000,
                    parts: [{ fps: 1, durationMs: startMs }, { fps: 10 }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-long-'));
  try {
    const request = { size: { width: 320, height: 240 }, fps: FPS, fromMs: startMs + 2000 };
    const { path, shiftMs } = await makeFilm(call, join(folder, 'film'), request);
    const [{ frames }, sound] = await Promise.all([watchVideo(path), listenAudio(path)]);
    const beeps = findBeeps(sound, 500).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
    const flashes = frames.filter(({ flash }, index) => flash && frames[index - 1]?.flash === false);
    expect([beeps.length, flashes.length]).toEqual([10, 9]);
    for (const { ptsMs, timecode } of flashes) {
      expect(Math.min(...beeps.map((atMs) => Math.abs(atMs - ptsMs)))).toBeLessThan(PICTURE_MS);
      expect(Math.abs((timecode?.timeMs ?? 0) + shiftMs - ptsMs)).toBeLessThan(PICTURE_MS);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
