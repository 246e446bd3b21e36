import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type AudioTrackSpec, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/speech/speech-detector.ts';
import { turnsOf } from '../../src/speech/turns-of.ts';
import { placeRecording } from '../support/place-recording.ts';
import { BOUNDARY_MS, compareTurns } from './truth.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-speech-'));
});
afterAll(() => rm(folder, { recursive: true }));

const speech = [
  { fromMs: 1500, toMs: 4200 },
  { fromMs: 5400, toMs: 6000 },
  { fromMs: 9000, toMs: 19_300 },
  { fromMs: 20_100, toMs: 22_000 },
  { fromMs: 27_000, toMs: 28_500 },
];

const talk = (more: Partial<AudioTrackSpec> = {}): AudioTrackSpec => ({
  kind: 'audio',
  speech,
  // Tracks lie on the server's clock, which hears all of them later by the network's delay: that is not for turns to undo.
  network: { delayMs: 0, jitterMs: 0 },
  segments: [{ startMs: 300, durationMs: 31_000 }],
  ...more,
});

/** What is found in a call of one track, and its truth on the recording's clock. */
async function listen(track: AudioTrackSpec) {
  const call = await generateCall({ seed: 11, users: [{ id: 'alice', sessions: [{ tracks: [track] }] }] });
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  await using recording = await openRecording(path);
  const {
    plan: { zeroUnixMs },
    placed: [placed],
  } = await placeRecording(recording, { outputs: ['audio'] });
  if (placed === undefined || zeroUnixMs === undefined) throw new Error('nothing was placed');
  const found = await turnsOf(placed, zeroUnixMs, { onBytes: () => undefined });
  const shiftMs = call.truth.startUnixMs - zeroUnixMs;
  const truth = (call.truth.tracks[0]?.speech ?? []).map(({ fromMs, toMs }) => ({
    startMs: fromMs + shiftMs,
    endMs: toMs + shiftMs,
  }));
  return { found, truth };
}

describe('turns of a generated track', () => {
  const none = { extensions: 'none' } as const;
  test.each<[string, AudioTrackSpec, Evidence]>([
    ['SILK and hybrid', talk({ rtp: none }), 'vad'],
    ['SILK and hybrid, DTX', talk({ rtp: none, dtx: true }), 'vad'],
    ['SILK and hybrid, loud room', talk({ rtp: none, background: 0.003 }), 'vad'],
    ['SILK of 60 ms', talk({ rtp: none, frameMs: 60, bitrate: 16_000, application: 'voip' }), 'vad'],
    ['CELT', talk({ rtp: none, bitrate: 64_000 }), 'size'],
    ['CELT, DTX', talk({ rtp: none, bitrate: 64_000, dtx: true }), 'size'],
    ['CELT, 5 ms', talk({ rtp: none, bitrate: 64_000, frameMs: 5 }), 'size'],
    ['CELT, stereo', talk({ rtp: none, bitrate: 96_000, channels: 2 }), 'size'],
    ['CELT, digital silence', talk({ rtp: none, bitrate: 64_000, background: 0.00002 }), 'size'],
    [
      'CELT, loss and jitter',
      talk({
        rtp: none,
        bitrate: 64_000,
        network: { delayMs: 0, jitterMs: 20 },
        impair: { loss: 0.05, reorder: { probability: 0.05, withinMs: 40 } },
      }),
      'size',
    ],
    [
      'CELT, muted between two segments',
      talk({
        rtp: none,
        bitrate: 64_000,
        segments: [
          { startMs: 300, durationMs: 8000 },
          { startMs: 19_700, durationMs: 11_000 },
        ],
      }),
      'size',
    ],
  ])('%s', async (_, track, evidence) => {
    const { found, truth } = await listen(track);
    const { covered, wrong, worstBoundaryMs } = compareTurns(found.turns, truth);
    expect(found.evidence).toBe(evidence);
    expect(covered).toBeGreaterThanOrEqual(0.95);
    expect(wrong).toBeLessThanOrEqual(0.05);
    expect(worstBoundaryMs).toBeLessThanOrEqual(BOUNDARY_MS);
  });

  test('nobody talks · no turns', async () => {
    for (const bitrate of [32_000, 64_000]) {
      const { found } = await listen(talk({ speech: [], bitrate, rtp: none }));
      expect(found.turns).toEqual([]);
    }
  });
});
