import { join } from 'node:path';
import { type GeneratedCall, generateCall, type TrackTruth } from '@rawreel/fixtures';
import { findBeeps, listenAudio, measureLoudness, probeFile } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heardMoments, layOut, spreadMs } from '../src/moments.ts';
import { make, type SaidMix, temporaryFolder } from '../src/rawreel.ts';
import { allTimedCalls, BY_RECEIVE_TIME_MS, timedCalls } from '../src/timed-calls.ts';

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let call: GeneratedCall;

beforeAll(async () => {
  room = await temporaryFolder();
  call = await written(timedCalls.tracks.spec);
});
afterAll(() => room[Symbol.asyncDispose]());

const archiveOf = ({ truth }: GeneratedCall): string => join(room.path, `${truth.callId}.zip`);

async function written(spec: Parameters<typeof generateCall>[0]): Promise<GeneratedCall> {
  const made = await generateCall(spec);
  await made.writeArchive(archiveOf(made));
  return made;
}

const soundsOf = ({ truth }: GeneratedCall): TrackTruth[] =>
  truth.tracks.filter(({ kind }) => kind === 'audio');

let runs = 0;

/** Mixes into a folder of its own. */
async function mix(of: GeneratedCall, ...more: string[]): Promise<{ folder: string; file: SaidMix }> {
  runs += 1;
  const folder = join(room.path, `mix ${runs}`);
  const { exitCode, stderr, said } = await make('mix-audio', ['--input-file', archiveOf(of)], folder, more);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(said.files).toHaveLength(1);
  const [file] = said.files ?? [];
  if (file === undefined) throw new Error('no mix');
  return { folder, file };
}

const idsOf = (tracks: readonly { readonly trackId: string }[]): string[] =>
  tracks.map(({ trackId }) => trackId).sort();

describe('mix-audio', () => {
  it.each(allTimedCalls)('$name · everybody is heard, when they were', async ({ spec }) => {
    const of = await written(spec);
    const { folder, file } = await mix(of);
    const { callType, callId, startUnixMs, zeroUnixMs } = of.truth;
    expect(file.path).toBe(`composite_${callType}_${callId}_audio_${startUnixMs}.mp3`);
    expect(Math.abs(Date.parse(file.startsAt) - zeroUnixMs - file.offsetMs)).toBeLessThanOrEqual(1);
    expect(idsOf(file.tracks)).toEqual(idsOf(soundsOf(of)));
    const laid = await layOut(folder, file, soundsOf(of), of.truth);
    expect(laid.length).toBeGreaterThan(1);
    expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
  });

  /** What encoders add at the ends. */
  const PADDING_MS = 50;

  it.each([
    ['m4a', 'aac', PADDING_MS],
    ['opus', 'opus', PADDING_MS],
    ['wav', 'pcm_s16le', 1],
    ['flac', 'flac', 1],
    ['mkv', 'flac', 1],
  ])('--format %s · the same in %s', async (format, codec, paddingMs) => {
    const { folder, file } = await mix(call, '--format', format);
    const path = join(folder, file.path);
    expect(path).toMatch(new RegExp(`\\.${format}$`));
    const { errors, streams } = await probeFile(path);
    expect(errors).toEqual([]);
    expect(streams.map((stream) => stream.codec)).toEqual([codec]);
    const { samples, sampleRate } = await listenAudio(path);
    expect(Math.abs((samples / sampleRate) * 1000 - file.durationMs)).toBeLessThanOrEqual(paddingMs);
    const laid = await layOut(folder, file, soundsOf(call), call.truth);
    expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
  });

  it.each([
    ['mono', 1],
    ['stereo', 2],
  ])('--layout %s · %i channels', async (layout, channels) => {
    const { folder, file } = await mix(call, '--layout', layout, '--format', 'wav');
    const { streams } = await probeFile(join(folder, file.path));
    expect(streams.map((stream) => stream.channels)).toEqual([channels]);
    expect(spreadMs(await layOut(folder, file, soundsOf(call), call.truth))).toBeLessThanOrEqual(
      BY_RECEIVE_TIME_MS,
    );
  });

  it('--layout per-user · a track for each, and nobody else is heard in it', async () => {
    const { folder, file } = await mix(call, '--layout', 'per-user', '--format', 'mkv');
    const path = join(folder, file.path);
    const users = [...new Set(soundsOf(call).map(({ userId }) => userId))];
    const { streams } = await probeFile(path);
    expect(streams).toHaveLength(users.length);
    const zeros: number[] = [];
    for (const [stream, { tags }] of streams.entries()) {
      const { title } = tags;
      const own = soundsOf(call).filter(({ userId }) => userId === title);
      expect(own.length).toBeGreaterThan(0);
      for (const moments of await heardMoments(path, own, stream)) {
        zeros.push(...moments.map(({ fileMs, truthMs }) => fileMs - truthMs));
      }
      const heard = await listenAudio(path, { stream });
      const others = soundsOf(call).filter((track) => !own.includes(track));
      expect(others.flatMap(({ hz }) => findBeeps(heard, hz ?? 0))).toEqual([]);
    }
    expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
  });

  it('--loudness · as loud as asked, and no peak above -1 dB', async () => {
    const { folder, file } = await mix(call, '--loudness', '-18', '--format', 'wav');
    const { loudnessLufs, truePeakDb } = await measureLoudness(join(folder, file.path));
    expect(Math.abs(loudnessLufs + 18)).toBeLessThanOrEqual(1);
    expect(truePeakDb).toBeLessThanOrEqual(-0.9);
  });

  it('--bitrate · kbit/s of the MP3', async () => {
    const { file } = await mix(call, '--bitrate', '96');
    expect(Math.abs((file.byteLength * 8) / file.durationMs - 96)).toBeLessThanOrEqual(5);
  });

  it('--no-screenshare · what a screen played is not heard, everybody else is', async () => {
    const { folder, file } = await mix(call, '--no-screenshare');
    const [screens, voices] = [true, false].map((wanted) =>
      soundsOf(call).filter(({ screenshare }) => screenshare === wanted),
    );
    await layOut(folder, file, voices ?? [], call.truth);
    const heard = await listenAudio(join(folder, file.path));
    expect(screens).toHaveLength(1);
    expect(findBeeps(heard, screens?.[0]?.hz ?? 0)).toEqual([]);
  });
});
