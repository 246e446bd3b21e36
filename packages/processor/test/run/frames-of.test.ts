import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, type GeneratedCall, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { framesOf, planRecording, type RecordedFrame, readManifest, runPlan } from '../../src/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-frames-of-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Track = CallSpec['users'][number]['sessions'][number]['tracks'][number];

const SEGMENTS = [{ startMs: 200, durationMs: 1000 }];
const MIC: Track = { kind: 'audio', segments: SEGMENTS };
const CAMERA: Track = { kind: 'video', codec: 'vp8', segments: SEGMENTS };

let count = 0;
const archived = async (call: GeneratedCall) => {
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  return path;
};

const callOf = async (...tracks: Track[]) =>
  await archived(await generateCall({ seed: 11, users: [{ id: 'ann', sessions: [{ tracks }] }] }));

async function all(frames: AsyncIterable<RecordedFrame>) {
  const read: RecordedFrame[] = [];
  for await (const frame of frames) read.push(frame);
  return read;
}

async function read(path: string, kind: 'audio' | 'video') {
  await using recording = await openRecording(path);
  const { trackId = '' } = recording.tracks.find((track) => track.kind === kind) ?? {};
  const frames = await all(framesOf(recording.track(trackId)));
  return { frames, zeroUnixMs: recording.zeroUnixMs ?? 0 };
}

describe('the frames of a track', () => {
  test.each([
    ['audio', 'opus'],
    ['video', 'vp8'],
  ] as const)('%s · as many, from the same moment, as the file made of it has', async (kind, codec) => {
    const path = await callOf(MIC, CAMERA);
    const { frames, zeroUnixMs } = await read(path, kind);
    await using recording = await openRecording(path);
    const output = join(folder, `${++count}`);
    const report = await runPlan(planRecording(recording, { outputs: [kind] }), { output });
    const [file] = report.files;
    if (file?.kind !== kind) throw new Error('no file was made');
    expect(frames.length).toBe(file.frames);
    const [first] = frames;
    expect(first?.codec).toBe(codec);
    expect(first?.gapBefore).toBe('before-start');
    expect(first?.keyFrame).toBe(true);
    expect(Math.abs((first?.unixMs ?? 0) - Date.parse(file.startsAt))).toBeLessThan(1);
    expect(Math.abs((first?.atMs ?? 0) - file.offsetMs)).toBeLessThan(1);
    expect(first?.unixMs).toBe(zeroUnixMs + (first?.atMs ?? 0));
    if (kind === 'audio') expect(frames.every(({ durationMs }) => durationMs === 20)).toBe(true);
    else expect(first?.parameters).toMatchObject({ codec: 'vp8', width: 320, height: 180 });
  });

  test('their bytes are those that were sent, and nothing is written', async () => {
    const call = await generateCall({ seed: 11, users: [{ id: 'ann', sessions: [{ tracks: [CAMERA] }] }] });
    const path = await archived(call);
    const before = await readdir(folder);
    const { frames } = await read(path, 'video');
    expect(await readdir(folder)).toEqual(before);
    const sent = (call.truth.tracks[0]?.frames ?? []).filter(({ sent }) => sent);
    expect(frames.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(
      sent.map(({ data }) => Buffer.from(data).toString('hex')),
    );
  });

  test('an id that sessions share · each is read by itself, in the order of time', async () => {
    const sessionAt = (startMs: number) => ({
      tracks: [{ id: 'mic', kind: 'audio' as const, segments: [{ startMs, durationMs: 1000 }] }],
    });
    const users = [
      { id: 'ann', sessions: [sessionAt(1200)] },
      { id: 'bob', sessions: [sessionAt(200), sessionAt(3000)] },
    ];
    await using recording = await openRecording(await archived(await generateCall({ seed: 11, users })));
    const firsts: number[] = [];
    for (const track of recording.tracks) {
      const times = (await all(framesOf(recording.track(track)))).map(({ atMs }) => atMs);
      expect(times.length).toBe(50);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      firsts.push(times[0] ?? 0);
    }
    expect(firsts.sort((a, b) => a - b)).toEqual([0, 1000, 2800].map((ms) => expect.closeTo(ms, -2)));
  });

  test('a track of another recording · is an error with the ids that there are', async () => {
    await using recording = await openRecording(await callOf(MIC));
    await using other = await openRecording(await callOf(MIC));
    const { track } = other.track(other.tracks[0]?.trackId ?? '');
    await expect(framesOf({ recording, track }).next()).rejects.toMatchObject({
      code: 'ERR_NO_SUCH_TRACK',
      details: { known: recording.tracks.map(({ trackId }) => trackId) },
    });
  });

  test('aborted before it begins · nothing is read', async () => {
    await using recording = await openRecording(await callOf(MIC));
    const mic = recording.track(recording.tracks[0]?.trackId ?? '');
    const signal = AbortSignal.abort(new Error('enough'));
    const fetch = vi.fn();
    await expect(framesOf({ ...mic, recording: { ...recording, fetch } }, { signal }).next()).rejects.toThrow(
      'enough',
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  test('aborted · no frame comes behind it', async () => {
    const stop = new AbortController();
    await using recording = await openRecording(await callOf(MIC));
    const mic = recording.track(recording.tracks[0]?.trackId ?? '');
    const frames = framesOf(mic, { signal: stop.signal });
    expect((await frames.next()).done).toBe(false);
    stop.abort(new Error('enough'));
    await expect(frames.next()).rejects.toThrow('enough');
  });
});

test('who makes files · this package, where nobody says otherwise', async () => {
  await using recording = await openRecording(await callOf(MIC));
  const output = join(folder, `${++count}`);
  await runPlan(planRecording(recording, { outputs: ['audio'] }), { output });
  expect((await readManifest(output)).map(({ madeBy }) => madeBy)).toEqual([
    expect.stringMatching(/^rawreel \d+\.\d+\.\d+/),
  ]);
});
