import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  beepLengthMs,
  type FrameTruth,
  type GeneratedCall,
  generateCall,
  type TrackTruth,
  type VideoTrackSpec,
} from '@rawreel/fixtures';
import { findBeeps, opusLookAheadMs, probePackets, readTimecode } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlayer, type Player } from '../src/chromium.ts';
import { median } from '../src/moments.ts';
import { make, type SaidMuxed, temporaryFolder } from '../src/rawreel.ts';
import { LIP_SYNC_MS } from '../src/timed-calls.ts';

const camera = (codec: VideoTrackSpec['codec'], more: Partial<VideoTrackSpec> = {}): VideoTrackSpec => ({
  kind: 'video',
  codec,
  width: 160,
  height: 96,
  segments: [{ startMs: 400, durationMs: 3200 }],
  ...more,
});

/** Another size inside a segment, in H264 with parameter sets of another profile, and a third one after a gap. */
const changing: Pick<VideoTrackSpec, 'segments'> = {
  segments: [
    {
      startMs: 400,
      durationMs: 1700,
      parts: [{ durationMs: 800 }, { width: 320, height: 192, profile: 'main' }],
    },
    { startMs: 2400, durationMs: 1200, width: 240, height: 144 },
  ],
};

const cameras: Readonly<Record<string, VideoTrackSpec>> = {
  h264: camera('h264'),
  'h264 of changing parameter sets and size': camera('h264', changing),
  vp9: camera('vp9'),
  'vp9 of changing size': camera('vp9', changing),
  av1: camera('av1'),
  'av1 of changing size': camera('av1', changing),
};

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let output: string;
let call: GeneratedCall;
let files: readonly SaidMuxed[] = [];
let player: Player;

beforeAll(async () => {
  room = await temporaryFolder();
  output = join(room.path, 'out');
  call = await generateCall({
    seed: 'players',
    callId: 'players',
    users: Object.entries(cameras).map(([id, video]) => ({
      id,
      sessions: [{ tracks: [{ kind: 'audio', segments: [{ startMs: 300, durationMs: 3400 }] }, video] }],
    })),
  });
  const archive = join(room.path, 'players.zip');
  await call.writeArchive(archive);
  const made = await make('mux-av', ['--input-file', archive], output, ['--container', 'mp4']);
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  files = made.said.files ?? [];
  expect(files).toHaveLength(Object.keys(cameras).length);
  player = await openPlayer(output);
});
afterAll(async () => {
  await player?.[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
});

function recorded(id: string): { file: SaidMuxed; sound: TrackTruth; picture: TrackTruth; zeroMs: number } {
  const file = files.find(({ userId }) => userId === id);
  const [sound, picture] = ['audio', 'video'].map((kind) =>
    call.truth.tracks.find((track) => track.userId === id && track.kind === kind),
  );
  if (file === undefined || sound === undefined || picture === undefined) throw new Error(`nothing of ${id}`);
  return { file, sound, picture, zeroMs: file.offsetMs + call.truth.zeroUnixMs - call.truth.startUnixMs };
}

const sizeOf = ({ width, height }: { width: number; height: number }): string => `${width}x${height}`;

/** The first and the last of all and of each size, and one in between; backwards and forwards. */
function someOf(frames: readonly FrameTruth[]): FrameTruth[] {
  const telling = frames.filter(
    (frame, i) =>
      [0, frames.length >> 1, frames.length - 1].includes(i) ||
      sizeOf(frame) !== sizeOf(frames[i - 1] ?? frame) ||
      sizeOf(frame) !== sizeOf(frames[i + 1] ?? frame),
  );
  return [...telling.toReversed(), ...telling.slice(1)];
}

describe('Chromium plays the MP4 of', () => {
  it.each(Object.keys(cameras))('%s · to its end, with every picture in its size, and sound', async (id) => {
    const { file, picture } = recorded(id);
    const truths = picture.frames.filter(({ decodable }) => decodable);
    const loaded = await player.load(file.path);
    expect(Math.abs(loaded.durationMs - file.durationMs)).toBeLessThanOrEqual(2);
    expect(sizeOf(loaded)).toBe('160x96');
    const played = await player.playToEnd();
    expect(Math.abs(played.endedAtMs - file.durationMs)).toBeLessThanOrEqual(2);
    expect(played.pictures).toBe((await probePackets(join(output, file.path), 'v:0')).length);
    expect(played.pictures).toBeGreaterThanOrEqual(truths.length);
    expect(played.corrupted).toBe(0);
    expect(played.sizes).toEqual([...new Set(truths.map(sizeOf))]);
    expect(played.soundBytes).toBeGreaterThan(1000);
  });

  it.each(Object.keys(cameras))('%s · every beep, and with it the picture of the same moment', async (id) => {
    const { file, sound, picture, zeroMs } = recorded(id);
    const pcm = await player.soundOf(file.path);
    const beeps = findBeeps({ pcm, sampleRate: 48_000, startMs: 0 }, sound.hz ?? 0);
    expect(sound.beeps).toEqual([1000, 2000, 3000]);
    expect(beeps).toHaveLength(sound.beeps.length);
    const lateMs = sound.beeps.map((truthMs, i) => {
      expect(beeps[i]?.lengthMs).toBeGreaterThan(0.8 * beepLengthMs(truthMs / 1000));
      return (beeps[i]?.onsetMs ?? Number.NaN) - opusLookAheadMs + zeroMs - truthMs;
    });
    const soundLateMs = median(lateMs);
    expect(Math.max(...lateMs) - Math.min(...lateMs)).toBeLessThanOrEqual(LIP_SYNC_MS);

    await player.load(file.path);
    const truths = picture.frames.filter(({ decodable }) => decodable);
    for (const truth of someOf(truths)) {
      const dueMs = truth.captureMs - zeroMs + soundLateMs;
      const shown = await player.pictureAt(dueMs + LIP_SYNC_MS);
      const { luma, ...seen } = shown;
      expect(readTimecode(luma, 320, 192)).toEqual({
        timeMs: Math.round(truth.captureMs),
        source: picture.source,
      });
      expect(sizeOf(seen)).toBe(sizeOf(truth));
      expect(Math.abs(seen.ms - dueMs)).toBeLessThanOrEqual(LIP_SYNC_MS);
    }
  });
});

/** Without a screen and a sound card, at the speed at which it would be seen. */
function ffplay(path: string): Promise<{ exitCode: number | null; said: string; tookMs: number }> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn('ffplay', ['-v', 'error', '-autoexit', path], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SDL_VIDEODRIVER: 'dummy', SDL_AUDIODRIVER: 'dummy' },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, said, tookMs: performance.now() - startedMs }));
  });
}

it('ffplay plays each MP4 to its end without a word', async () => {
  const played = await Promise.all(files.map(({ path }) => ffplay(join(output, path))));
  for (const [i, { exitCode, said, tookMs }] of played.entries()) {
    expect([exitCode, said.trim()]).toEqual([0, '']);
    // It ends as quietly where a file breaks off.
    expect(tookMs).toBeGreaterThan(files[i]?.durationMs ?? Number.NaN);
  }
});
