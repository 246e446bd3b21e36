import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AudioTrackSpec, CallSpec } from '@rawreel/fixtures';
import { findBeeps, levelDb, listenAudio, opusLookAheadMs, probeFile } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// The built file: its worker threads load built files.
import { mixTracks as mixTracksBuilt } from '../../dist/mix/mix-tracks.js';
import { startWorkers } from '../../dist/run/start-workers.js';
import { type MixOptions, mixTracks } from '../../src/mix/mix-tracks.ts';
import { pcmOf } from './pcm-of.ts';
import { measure, pcmIn } from './support/measure.ts';
import { type PlacedCall, placedCall } from './support/placed-tracks.ts';

const run = promisify(execFile);
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-mix-'));
});
afterAll(() => rm(folder, { recursive: true }));

const STRAIGHT = { network: { delayMs: 0, jitterMs: 0 } } as const;

const sound = (more: Partial<AudioTrackSpec> = {}): AudioTrackSpec => ({
  kind: 'audio',
  ...STRAIGHT,
  segments: [{ startMs: 200, durationMs: 4000 }],
  ...more,
});

const callOf = (...tracks: AudioTrackSpec[]): Promise<PlacedCall> => placedCall(folder, specOf(...tracks));

/** A user for each track. */
const specOf = (...tracks: AudioTrackSpec[]): CallSpec => ({
  seed: 11,
  users: tracks.map((track, index) => ({ id: `user-${index + 1}`, sessions: [{ tracks: [track] }] })),
});

const optionsFor = (call: PlacedCall, more: Partial<MixOptions>): MixOptions => ({
  path: join(folder, `${++count}.${more.format ?? 'wav'}`),
  format: 'wav',
  layout: 'mono',
  zeroUnixMs: call.zeroUnixMs,
  title: 'a call',
  madeBy: 'test 1',
  tracks: call.tracks,
  ...more,
});

async function mixed(call: PlacedCall, more: Partial<MixOptions> = {}) {
  const options = optionsFor(call, more);
  return { path: options.path, made: await mixTracks(options) };
}

/** Each whole beep of a pitch is heard when the call clock says, within `withinMs`. */
function expectBeeps(
  audio: Parameters<typeof findBeeps>[0],
  hz: number,
  beeps: readonly number[],
  withinMs: number,
): void {
  const onsets = findBeeps(audio, hz).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
  expect(beeps.length).toBeGreaterThan(0);
  const missed = beeps.filter((at) => !onsets.some((onset) => Math.abs(onset - at) <= withinMs));
  expect({ missed, onsets: missed.length === 0 ? [] : onsets }).toEqual({ missed: [], onsets: [] });
}

describe('mixing', () => {
  test('two participants with mutes · every beep is heard at its time, and the length is exact to the sample', async () => {
    const call = await callOf(
      sound({ hz: 500, segments: [200, 5000].map((startMs) => ({ startMs, durationMs: 3000 })) }),
      sound({ hz: 900, segments: [900, 5500].map((startMs) => ({ startMs, durationMs: 3000 })) }),
    );
    const { path, made } = await mixed(call);
    const audio = await listenAudio(path);
    for (const { hz = 0, beeps } of call.truth.tracks) expectBeeps(audio, hz, beeps, 5);
    expect(made.durationMs * 48).toBe(audio.samples);
    const end = Math.max(...call.truth.tracks.map(({ endMs }) => endMs));
    expect(Math.abs(made.durationMs - end)).toBeLessThan(5);
    expect(levelDb(audio, 4100, 4900)).toBe(Number.NEGATIVE_INFINITY);
    expect(made.channels).toBe(1);
  });

  test('a window · the same sound, from a later zero to an earlier end', async () => {
    const call = await callOf(sound({ hz: 500, segments: [{ startMs: 200, durationMs: 9000 }] }));
    const zeroUnixMs = call.zeroUnixMs + 3500;
    const { path, made } = await mixed(call, { zeroUnixMs, endUnixMs: call.zeroUnixMs + 7250 });
    expect(made.durationMs).toBe(3750);
    const audio = await listenAudio(path);
    expect(audio.samples).toBe(3750 * 48);
    expectBeeps(audio, 500, [500, 1500, 2500, 3500], 5);
  });

  test.each(['mp3', 'm4a', 'opus', 'flac', 'mkv'] as const)(
    '%s · a lone voice is as loud as it was, in its time, for as long as the call lasts',
    async (format) => {
      const call = await callOf(sound({ hz: 500, background: 0.2 }));
      const wav = await mixed(call);
      const { path, made } = await mixed(call, { format });
      const [audio, plain] = [await listenAudio(path), await listenAudio(wav.path)];
      expect(Math.abs(levelDb(audio, 1500, 2900) - levelDb(plain, 1500, 2900))).toBeLessThan(0.5);
      const delayMs = format === 'mp3' ? audio.startMs : 0;
      expectBeeps({ ...audio, startMs: audio.startMs - delayMs }, 500, call.truth.tracks[0]?.beeps ?? [], 5);
      // AAC's frames of 1024 samples are all decoded.
      expect(audio.samples / 48 - made.durationMs).toBeLessThan(format === 'm4a' ? 1024 / 48 : 0.01);
      expect(audio.samples / 48 - made.durationMs).toBeGreaterThan(-0.01);
      expect(audio.errors).toEqual([]);
    },
  );

  test('a lone voice in wav · is what the track decodes to', async () => {
    const call = await callOf(sound({ hz: 500, background: 0.2 }));
    const { path, made } = await mixed(call);
    const [channel] = await pcmIn(path);
    const blocks: Float32Array[] = [];
    for (const track of call.tracks)
      for await (const block of pcmOf(track, call.zeroUnixMs)) blocks.push(block);
    const pcm = Float32Array.from(blocks.flatMap((block) => [...block]));
    expect(pcm.length).toBe(made.durationMs * 48);
    expect(channel?.length).toBe(pcm.length);
    expect(pcm.findIndex((sample, index) => Math.abs(sample - (channel?.[index] ?? 9)) > 1 / 32_768)).toBe(
      -1,
    );
  });

  test.each([200, -200])(
    'a sound card that is %i ppm fast · its last beep is as exact as its first',
    async (ppm) => {
      const durationMs = 150_000;
      const call = await callOf(sound({ hz: 500, driftPpm: ppm, segments: [{ startMs: 200, durationMs }] }));
      const msPerTick = 1 / 48 / (1 + ppm * 1e-6);
      const tracks = call.tracks.map((track) => ({
        ...track,
        runs: track.runs.map((one) => ({
          ...one,
          msPerTick,
          endMs: one.startMs + (one.endTicks - one.firstTicks) * msPerTick,
        })),
      }));
      const { path, made } = await mixed(call, { tracks });
      expectBeeps(await listenAudio(path), 500, call.truth.tracks[0]?.beeps ?? [], 3);
      const end = call.truth.tracks[0]?.endMs ?? 0;
      expect(Math.abs(made.durationMs - end)).toBeLessThan(5);
    },
  );

  test.each([10, 60] as const)(
    'DTX with frames of %i ms · every beep, and silence between them',
    async (frameMs) => {
      const call = await callOf(sound({ hz: 500, dtx: true, frameMs }));
      const audio = await listenAudio((await mixed(call)).path);
      expectBeeps(audio, 500, call.truth.tracks[0]?.beeps ?? [], 5);
      expect(levelDb(audio, 1400, 1900)).toBe(Number.NEGATIVE_INFINITY);
    },
  );

  test('mono and stereo microphones in stereo · mono is in the middle, stereo stays as it is', async () => {
    const call = await callOf(sound({ hz: 500 }), sound({ hz: 900, channels: 2 }));
    const { path, made } = await mixed(call, { layout: 'stereo' });
    expect(made.channels).toBe(2);
    const levels = (await pcmIn(path, 0, 2)).map((pcm) =>
      [500, 900].map((hz) => findBeeps({ pcm, sampleRate: 48_000, startMs: 0 }, hz)[0]?.level ?? 0),
    );
    const [left = [], right = []] = levels;
    expect((left[0] ?? 0) / (right[0] ?? 1)).toBeCloseTo(1, 1);
    // The generator's right channels are at half the level.
    expect((left[1] ?? 0) / (right[1] ?? 1)).toBeCloseTo(2, 0);
  });
});

describe('a hundred participants at full scale', () => {
  let crowd: PlacedCall;
  beforeAll(async () => {
    const loud = sound({ hz: 500, background: 0.99, segments: [{ startMs: 0, durationMs: 1500 }] });
    crowd = await callOf(...Array.from({ length: 100 }, () => loud));
  });

  test.each(['wav', 'flac', 'mp3', 'm4a', 'opus', 'mkv'] as const)(
    '%s · decoded, no true peak is above −1 dBTP, and it is loud all the same',
    async (format) => {
      const { path, made } = await mixed(crowd, { format });
      const { truePeakDb, loudnessLufs } = await measure(path);
      expect(truePeakDb).toBeLessThanOrEqual(-1);
      expect(loudnessLufs).toBeGreaterThan(-20);
      expect(made.peakDbfs).toBeGreaterThan(30);
      expect(made.limitedMs).toBeGreaterThan(1000);
    },
  );
});

describe('loudness', () => {
  test.each<[MixOptions['format'], number?]>([
    ['wav'],
    ['mp3'],
    ['mp3', 192],
    ['mp3', 320],
    ['m4a'],
    ['opus'],
  ])('%s %s · is what was asked for, whatever an encoder makes of it', async (format, bitrateKbps) => {
    const call = await callOf(sound({ hz: 500, background: 0.02 }), sound({ hz: 900, background: 0.05 }));
    const { path } = await mixed(call, { format, bitrateKbps, loudnessLufs: -23 });
    expect(Math.abs((await measure(path)).loudnessLufs + 23)).toBeLessThan(0.3);
  });

  test('per user · each is brought to it', async () => {
    const call = await callOf(sound({ background: 0.02 }), sound({ background: 0.3 }));
    const { path } = await mixed(call, { layout: 'per-user', loudnessLufs: -20 });
    for (const channel of [0, 1])
      expect(Math.abs((await measure(path, { channel })).loudnessLufs + 20)).toBeLessThan(1);
  });

  test('progress · rises to twice the length, for everything is decoded twice', async () => {
    const call = await callOf(sound());
    const told: [number, number][] = [];
    const { made } = await mixed(call, { loudnessLufs: -16, onProgress: (...told_) => told.push(told_) });
    expect(told.at(-1)).toEqual([2 * made.durationMs, 2 * made.durationMs]);
    expect(told.map(([at]) => at)).toEqual(told.map(([at]) => at).sort((a, b) => a - b));
  });
});

describe('a channel or track per participant', () => {
  const three = () => callOf(sound({ hz: 500 }), sound({ hz: 700 }), sound({ hz: 900 }));

  test('wav · a channel each, in the order of the tracks', async () => {
    const call = await three();
    const { path, made } = await mixed(call, { layout: 'per-user' });
    expect(made.channels).toBe(3);
    for (const [index, pcm] of (await pcmIn(path, 0, 3)).entries()) {
      const own = [500, 700, 900].map(
        (hz) => findBeeps({ pcm, sampleRate: 48_000, startMs: 0 }, hz).length > 0,
      );
      expect(own).toEqual([0, 1, 2].map((one) => one === index));
    }
  });

  test.each([
    ['flac', undefined],
    ['opus', 48],
  ])('mkv · a track of %s each, named', async (codec, bitrateKbps) => {
    const call = await three();
    const { path, made } = await mixed(call, {
      layout: 'per-user',
      format: 'mkv',
      ...(bitrateKbps === undefined ? {} : { bitrateKbps }),
    });
    const { streams, tags } = await probeFile(path);
    expect(streams).toMatchObject(
      ['user-1', 'user-2', 'user-3'].map((title) => ({ codec, tags: { title } })),
    );
    expect(streams).toHaveLength(3);
    expect(tags).toMatchObject({ title: 'a call' });
    for (const [index, { hz = 0, beeps }] of call.truth.tracks.entries()) {
      const audio = await listenAudio(path, { stream: index });
      expectBeeps(audio, hz, beeps, 5);
      expect(audio.samples).toBe(made.durationMs * 48);
    }
  });

  test('mp3 · refuses by name, and writes nothing', async () => {
    const options = optionsFor(await three(), { layout: 'per-user', format: 'mp3' });
    await expect(mixTracks(options)).rejects.toMatchObject({
      code: 'ERR_MIX_LAYOUT',
      message: expect.stringContaining('mp3'),
    });
    await expect(access(options.path)).rejects.toThrow();
  });
});

describe('ends', () => {
  test('an abort · leaves neither process nor file', async () => {
    const call = await callOf(sound({ segments: [{ startMs: 0, durationMs: 150_000 }] }));
    const controller = new AbortController();
    const options = optionsFor(call, {
      format: 'mp3',
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(mixTracks(options)).rejects.toThrow('enough');
    expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
    await expect(access(options.path)).rejects.toThrow();
  });

  /** An ffmpeg that answers questions as the real one, and ends as told when it is to encode. */
  async function failingFfmpeg(end: string): Promise<string> {
    const path = join(folder, `ffmpeg-${++count}`);
    const script = `#!/bin/bash\ncase "$*" in *file:*) ${end} ;; *) exec ffmpeg "$@" ;; esac\n`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  }

  test.each([
    ['at once', 'echo first >&2; echo "No space left on device" >&2; exit 1'],
    ['half way', 'head -c 2000000 >/dev/null; echo "No space left on device" >&2; exit 1'],
  ])('an encoder that fails %s · is told of, with its last line', async (_when, end) => {
    const call = await callOf(sound({ segments: [{ startMs: 0, durationMs: 150_000 }] }));
    const options = optionsFor(call, { format: 'mp3', ffmpegPath: await failingFfmpeg(end) });
    await expect(mixTracks(options)).rejects.toMatchObject({
      code: 'ERR_ENCODER_FAILED',
      message: expect.stringContaining('No space left on device'),
    });
  });

  test('an encoder that is killed · is told of', async () => {
    const call = await callOf(sound());
    const options = optionsFor(call, { format: 'mp3', ffmpegPath: await failingFfmpeg('kill -9 $$') });
    await expect(mixTracks(options)).rejects.toMatchObject({
      code: 'ERR_ENCODER_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
  });

  test('no ffmpeg · mp3 says so, wav needs none', async () => {
    const call = await callOf(sound());
    const ffmpegPath = join(folder, 'no-such-ffmpeg');
    await expect(mixed(call, { format: 'mp3', ffmpegPath })).rejects.toMatchObject({
      code: 'ERR_NO_FFMPEG',
      message: expect.stringContaining(ffmpegPath),
    });
    await mixed(call, { ffmpegPath });
  });
});

const QUIET = { onProgress: () => undefined };

/** As a run has them. */
const workersFor = ({ tracks }: PlacedCall, count: number, signal?: AbortSignal) =>
  startWorkers(
    tracks.map(({ track }) => track),
    count,
    { ...QUIET, signal },
  );

describe('threads', () => {
  test('or none · the same file, and again after a rest', async () => {
    const call = await callOf(
      ...[500, 700, 900].map((hz) =>
        sound({ hz, background: 0.1, segments: [{ startMs: 0, durationMs: 9000 }] }),
      ),
    );
    const alone = await mixed(call, { layout: 'per-user' });
    await using workers = workersFor(call, 2);
    const { decoding } = workers;
    const before = await threadCount();
    for (const threads of [decoding, decoding && { ...decoding, count: 1 }]) {
      const options = optionsFor(call, { layout: 'per-user', threads });
      await mixTracksBuilt(options);
      expect((await readFile(options.path)).equals(await readFile(alone.path))).toBe(true);
      await decoding?.rest();
      expect(await threadCount()).toBe(before);
    }
  });

  test('or none · the same sound behind a gate, and the same share of each track is left out', async () => {
    const call = await callOf(
      sound({ hz: 500, background: 0.003, segments: [{ startMs: 0, durationMs: 6000 }] }),
      sound({ hz: 900, background: 0.2, segments: [{ startMs: 0, durationMs: 6000 }] }),
    );
    const alone = await mixed(call, { gateDbov: -50 });
    await using workers = workersFor(call, 2);
    const options = optionsFor(call, { gateDbov: -50, threads: workers.decoding });
    const { gatedShares } = await mixTracksBuilt(options);
    expect((await readFile(options.path)).equals(await readFile(alone.path))).toBe(true);
    expect([...gatedShares.values()]).toEqual([...alone.made.gatedShares.values()]);
    const [quiet = 0, loud] = call.tracks.map((track) => gatedShares.get(track));
    expect(quiet).toBeGreaterThan(0.6);
    expect(loud).toBe(0);
    expect((await mixed(call)).made.gatedShares.size).toBe(0);
  });

  test('an abort · ends them', async () => {
    const call = await callOf(sound({ segments: [{ startMs: 0, durationMs: 150_000 }] }), sound());
    const controller = new AbortController();
    const { signal } = controller;
    await using workers = workersFor(call, 2, signal);
    const options = optionsFor(call, {
      threads: workers.decoding,
      signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(mixTracksBuilt(options)).rejects.toThrow('enough');
    await expect(access(options.path)).rejects.toThrow();
  });

  test('a mix that fails · leaves them to the next one, with no archive open', async () => {
    const call = await callOf(sound({ segments: [{ startMs: 0, durationMs: 150_000 }] }), sound());
    await using workers = workersFor(call, 2);
    const threads = workers.decoding;
    const options = optionsFor(call, {
      threads,
      onProgress: () => {
        throw new Error('enough');
      },
    });
    await expect(mixTracksBuilt(options)).rejects.toThrow('enough');
    expect(await openArchives()).toEqual([]);
    const next = optionsFor(call, { threads });
    expect((await mixTracksBuilt(next)).durationMs).toBeGreaterThan(149_000);
    expect(await openArchives()).toEqual([]);
  });
});

/** Of this process, those that began with nothing to do included; 0 where the system does not tell. */
const threadCount = async (): Promise<number> => (await readdir('/proc/self/task').catch(() => [])).length;

/** Archives that this process holds open, whichever of its threads; none where the system does not tell. */
async function openArchives(): Promise<readonly string[]> {
  const descriptors = await readdir('/proc/self/fd').catch(() => []);
  const open = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return open.filter((path) => path.startsWith(folder) && path.endsWith('.zip'));
}

describe('limits of the system', () => {
  test('256 descriptors · a hundred tracks of ten segments each', async () => {
    const program = join(import.meta.dirname, 'support', 'mix-many.ts');
    const command = `ulimit -n 256; exec "${process.execPath}" "${program}" "${folder}"`;
    const { stdout } = await run('bash', ['-c', command]);
    expect(JSON.parse(stdout)).toMatchObject({ tracks: 100, segments: 1000 });
    const { durationMs } = JSON.parse(stdout) as { durationMs: number };
    expect(Math.abs(durationMs - 5800)).toBeLessThan(30);
  });
});
