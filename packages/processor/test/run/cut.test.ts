import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { listenAudio, probePackets } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlanRequest, planRecording, type RunOptions, runPlan } from '../../src/index.ts';

let folder: string;
let archive: string;
let count = 0;

/** Key frames every two seconds from half a second on; the microphone is there all along. */
const CAMERA: VideoTrackSpec = {
  kind: 'video',
  codec: 'vp8',
  width: 160,
  height: 120,
  keyFrameEveryMs: 2000,
  segments: [{ startMs: 500, durationMs: 7000 }],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-cut-'));
  archive = join(folder, 'call.zip');
  const tracks = [{ kind: 'audio' as const, segments: [{ startMs: 0, durationMs: 8000 }] }, CAMERA];
  const call = await generateCall({ seed: 4, users: [{ id: 'alice', sessions: [{ tracks }] }] });
  await call.writeArchive(archive);
});
afterAll(() => rm(folder, { recursive: true }));

async function made(request: Partial<PlanRequest>, options: Partial<RunOptions> = {}) {
  const output = join(folder, `${++count}`);
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['audio'], name: 'short', ...request });
  const { files, failures, problems } = await runPlan(plan, { output, madeBy: 'test', ...options });
  expect(failures).toEqual([]);
  const [file, ...others] = files;
  if (file === undefined) throw new Error('nothing was made');
  expect(others).toEqual([]);
  return { file, path: join(output, file.path), codes: problems.map(({ code }) => code) };
}

const near = (ms: number, wanted: number, by: number) =>
  expect(Math.abs(ms - wanted), `${ms} is not ${wanted}`).toBeLessThanOrEqual(by);

describe('a part of a call', () => {
  test('sound · begins at the very moment, is cut between packets, and its file says so', async () => {
    const { file, path } = await made({ fromMs: 2000, toMs: 5000 });
    expect(file).toMatchObject({
      path: 'alice-audio_2s-5s.mkv',
      offsetMs: 2000,
      cut: { fromMs: 2000, toMs: 5000 },
    });
    near(file.durationMs, 3000, 20);
    const packets = await probePackets(path, 'a:0');
    near(packets[0]?.ptsMs ?? -1, 0, 1);
    near((packets.at(-1)?.ptsMs ?? 0) + 20, 3000, 21);
  });

  test('a mix · to the sample', async () => {
    const { file, path } = await made({ outputs: ['mix'], mix: { format: 'wav' }, fromMs: 2000, toMs: 5000 });
    expect(file).toMatchObject({ path: 'all-mix_2s-5s.wav', offsetMs: 2000, durationMs: 3000 });
    const whole = await made({ outputs: ['mix'], mix: { format: 'wav' } });
    const [all, part] = [await listenAudio(whole.path), await listenAudio(path)];
    // The report rounds to tenths of a millisecond; limiters look ahead and back at the edges.
    const skipped = Math.round((2000 - whole.file.offsetMs) * 48);
    const apart = (shift: number): number => {
      let most = 0;
      for (let at = 24_000; at < 120_000; at += 7)
        most = Math.max(most, Math.abs((part.pcm[at] ?? 1) - (all.pcm[skipped + shift + at] ?? -1)));
      return most;
    };
    expect(Math.min(...[-4, -3, -2, -1, 0, 1, 2, 3, 4].map(apart))).toBeLessThan(0.001);
    expect(part.pcm.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
  });

  test('pictures · from the key frame that the first is decoded from, which is told', async () => {
    const { file, path, codes } = await made({ outputs: ['video'], fromMs: 4000, toMs: 6000 });
    // The key frame before is 1.5 s earlier.
    near(file.offsetMs, 2500, 60);
    near(file.offsetMs + file.durationMs, 6000, 60);
    expect(codes).toEqual(['CUT_AT_KEY_FRAME']);
    const [first] = await probePackets(path, 'v:0');
    expect(first).toMatchObject({ ptsMs: 0, key: true });
  });

  test('sound with picture · both begin there, in sync', async () => {
    const { file, path } = await made({ outputs: ['muxed'], fromMs: 4000, toMs: 6000 });
    near(file.offsetMs, 2500, 60);
    near(file.durationMs, 6000 - file.offsetMs, 60);
    const [sound, picture] = [await probePackets(path, 'a:0'), await probePackets(path, 'v:0')];
    for (const packets of [sound, picture]) near(packets[0]?.ptsMs ?? -1, 0, 1);
    near(sound.at(-1)?.ptsMs ?? 0, picture.at(-1)?.ptsMs ?? -1, 100);
  });

  test('on one clock · the zero is the cut’s, and the picture comes with the next key frame', async () => {
    const request = { fromMs: 4000, toMs: 7000, align: 'recording', gaps: 'keep' } as const;
    for (const outputs of [['audio'], ['video'], ['muxed']] as const) {
      const { file, codes } = await made({ ...request, outputs });
      expect([file.offsetMs, codes]).toEqual([4000, []]);
    }
    const { path } = await made({ ...request, outputs: ['video'] });
    const [first] = await probePackets(path, 'v:0');
    expect(first?.key).toBe(true);
    near(first?.ptsMs ?? 0, 500, 60);
  });

  test('where a key frame begins the part, or nobody was seen before · nothing is led in', async () => {
    expect((await made({ outputs: ['video'], toMs: 3000 })).codes).toEqual([]);
    const { file, codes } = await made({ outputs: ['video'], fromMs: 200 });
    near(file.offsetMs, 500, 60);
    expect(codes).toEqual([]);
  });

  test.each([['audio'], ['video'], ['muxed']] as const)('%s · what is verified is the part', async (kind) => {
    const { file } = await made({ outputs: [kind], fromMs: 3000, toMs: 6000 }, { verify: true });
    expect(file.verified?.frames).toBeGreaterThan(30);
    expect(file.verified?.frames).toBeLessThan(330);
  });

  test.each<[Partial<PlanRequest>, RegExp]>([
    [{ fromMs: 20_000 }, /the recording is over .* before 20s/],
    [{ fromMs: 5000, toMs: 5000 }, /the part from 5s to 5s is empty/],
    [{ toMs: 0 }, /is empty/],
  ])('%j · is none, and says so before any work', async (request, says) => {
    await expect(made(request)).rejects.toMatchObject({
      code: 'ERR_NO_SUCH_TIME',
      message: expect.stringMatching(says),
    });
  });
});
