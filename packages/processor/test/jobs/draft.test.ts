import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, generateCall } from '@rawreel/fixtures';
import { probeFile, watchVideo } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Draft, isConfirmed, setStart } from '../../src/jobs/draft.ts';
import type { OutputSettings } from '../../src/plan/output-settings.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { scanTrack } from '../../src/scan/scan-track.ts';
import { placeRecording } from '../support/place-recording.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-draft-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Video = Extract<CallSpec['users'][number]['sessions'][number]['tracks'][number], { kind: 'video' }>;

let count = 0;

/** A camera's track scanned with a draft of it, where there is something to bet on. */
async function drafted(more: Partial<Video>, align: 'track' | 'recording' = 'track') {
  const track: Video = {
    kind: 'video',
    codec: 'vp8',
    segments: [{ startMs: 0, durationMs: 2000 }],
    ...more,
  };
  const call = await generateCall({ seed: 3, users: [{ id: 'ann', sessions: [{ tracks: [track] }] }] });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['video'], align });
  const { placed } = await placeRecording(recording, { outputs: ['video'], align });
  const settings: OutputSettings = {
    plan,
    zeroUnixMs: plan.zeroUnixMs ?? 0,
    workFolder: folder,
    madeBy: 'test',
  };
  const [own] = plan.tracks;
  const path = join(folder, `${count}.mkv`);
  const draft = own && Draft.of(settings, own, path);
  const scans = await scanTrack(own?.segments ?? [], {
    onBytes: () => undefined,
    ...(draft && { tap: draft }),
  });
  return { draft, scans, placed: placed[0], path, truth: call.truth.tracks[0] };
}

describe('a draft', () => {
  test('one run whose clock is true · the file but for its start, which is then written into it', async () => {
    const { draft, scans, placed, path, truth } = await drafted({});
    const file = await draft?.finish(scans);
    if (file === undefined || placed === undefined) throw new Error('the bet was lost');
    expect([file.path, file.media.frames, isConfirmed(placed)]).toEqual([path, truth?.frames.length, true]);
    setStart(file, Date.UTC(2026, 10, 20, 9, 30, 1));
    expect((await probeFile(path)).tags).toMatchObject({ creation_time: '2026-11-20T09:30:01.000000Z' });
    const { frames, errors } = await watchVideo(path);
    expect([errors, frames.length]).toEqual([[], truth?.frames.length]);
  });

  test('a clock that drifts · the solve moves its times, and it does not hold', async () => {
    const { draft, scans, placed } = await drafted({
      driftPpm: 5000,
      segments: [{ startMs: 0, durationMs: 20_000 }],
      reports: { everyMs: 1000 },
    });
    expect(await draft?.finish(scans)).toBeDefined();
    expect(placed && isConfirmed(placed)).toBe(false);
  });

  test('packets that part into runs · lost', async () => {
    const { draft, scans } = await drafted({ impair: { ssrcChanges: [{ atMs: 1000 }] } });
    expect(await draft?.finish(scans)).toBeUndefined();
    draft?.close();
  });

  test.each([
    [
      'two segments',
      {
        segments: [
          { startMs: 0, durationMs: 500 },
          { startMs: 1000, durationMs: 500 },
        ],
      },
      'track',
    ],
    ['one zero for all', {}, 'recording'],
  ] as const)('%s · nothing to bet on', async (_, more, align) => {
    const { draft, path } = await drafted(more, align);
    expect([draft, existsSync(path)]).toEqual([undefined, false]);
  });
});
