import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type OpenedRecording, openRecording } from '@rawreel/archive';
import { type GeneratedCall, generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArt } from '../../src/composite/art/open-art.ts';
import { rehearse } from '../../src/composite/cast-of.ts';
import { ffmetadata } from '../../src/composite/chapters.ts';
import { type Chunk, chunksOf } from '../../src/composite/chunks.ts';
import { type FilmOptions, film, shootChunks } from '../../src/composite/film.ts';
import { joinFilm } from '../../src/composite/join-film.ts';
import { directScenes } from '../../src/composite/scenes/direct-scenes.ts';
import type { CompositeFormat } from '../../src/plan/plan.ts';
import { placeRecording } from '../support/place-recording.ts';
import { watchTile } from './tiles.ts';

const execute = promisify(execFile);

describe('the chunks of a film', () => {
  const spans = (chunks: readonly Chunk[]) => chunks.map(({ from, to }) => [from, to]);

  test('one that is short is one; five minutes are still one, and a picture more is two halves', () => {
    expect(spans(chunksOf(1, 25))).toEqual([[0, 1]]);
    expect(spans(chunksOf(7500, 25))).toEqual([[0, 7500]]);
    expect(spans(chunksOf(7501, 25))).toEqual([
      [0, 3800],
      [3800, 7501],
    ]);
  });

  test.each([
    [270_000, 25],
    [10_801, 1],
    [1_000_003, 60],
    [324_017, 30],
  ])('%i pictures, %i a second · all are in one, none longer than five minutes', (pictures, fps) => {
    const chunks = chunksOf(pictures, fps);
    expect(chunks[0]?.from).toBe(0);
    expect(chunks.at(-1)?.to).toBe(pictures);
    for (const [index, { from, to }] of chunks.entries()) {
      expect(from).toBe(chunks[index - 1]?.to ?? 0);
      expect(from % (4 * fps)).toBe(0);
      expect(to - from).toBeGreaterThan(0);
      expect(to - from).toBeLessThanOrEqual(300 * fps);
    }
  });
});

const FPS = 15;
const PICTURES = 11 * FPS;
const network = { delayMs: 0, jitterMs: 0 };
const camera = (more: Partial<VideoTrackSpec>): VideoTrackSpec => ({
  ...{ kind: 'video', codec: 'vp8', network, width: 320, height: 180, fps: FPS },
  segments: [{ startMs: 0, durationMs: 11_000 }],
  ...more,
});

let folder: string;
let call: GeneratedCall;
let recording: OpenedRecording;
beforeAll(async () => {
  // A quote in a path is no syntax.
  folder = await mkdtemp(join(tmpdir(), "rawreel-chunks'#? "));
  call = await generateCall({
    seed: 5,
    users: [
      { id: 'alice', sessions: [{ tracks: [camera({ keyFrameEveryMs: 60_000 })] }] },
      { id: 'bob', sessions: [{ tracks: [camera({ codec: 'h264', keyFrameEveryMs: 3000 })] }] },
    ],
  });
  const archive = join(folder, 'call.zip');
  await call.writeArchive(archive);
  recording = await openRecording(archive);
});
afterAll(async () => {
  await recording.close();
  await rm(folder, { recursive: true });
});

async function filming(name: string, format: CompositeFormat, signal?: AbortSignal): Promise<FilmOptions> {
  const composite = { size: { width: 640, height: 180 }, fps: FPS, labels: false, format };
  const { plan, placed } = await placeRecording(recording, { outputs: ['composite'], composite });
  const { look } = plan.outputs.find(({ kind }) => kind === 'composite') as { look: FilmOptions['look'] };
  const zeroUnixMs = plan.zeroUnixMs ?? 0;
  const window = { zeroUnixMs, endUnixMs: zeroUnixMs + (PICTURES * 1000) / FPS };
  const reading = { onBytes: () => undefined, signal };
  const rehearsal = await rehearse(placed, window, reading);
  const chapters = join(folder, 'chapters');
  await writeFile(chapters, ffmetadata([], 0));
  const path = join(folder, name);
  return {
    ...{ look, scenes: directScenes(rehearsal.cast, look), rehearsal, window, art: await openArt(look) },
    ...{ reading, onProgress: () => undefined },
    encoding: {
      ...{ path, format, size: look.size, fps: FPS, preset: 'veryfast', chapters },
      ...{ title: '', startsAt: new Date(0).toISOString(), madeBy: 'test' },
    },
  };
}

/** @param seconds the longest chunk */
async function filmed(name: string, format: CompositeFormat, seconds: number): Promise<string> {
  const options = await filming(name, format);
  const chunks = chunksOf(PICTURES, FPS, seconds);
  expect(chunks.length).toBe(Math.ceil(11 / seconds));
  await shootChunks(options, chunks);
  await joinFilm(chunks, options.encoding);
  return options.encoding.path;
}

/** When each picture is shown, and what it is. */
async function picturesOf(path: string, format = 'framemd5'): Promise<string[]> {
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', format, '-']);
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split(',').slice(2).join().replaceAll(' ', ''));
}

describe('a film in chunks', () => {
  test('has picture for picture what one in one piece has, where no encoder looks ahead', async () => {
    const whole = await picturesOf(await filmed('whole.mov', 'mov', 60));
    expect(await picturesOf(await filmed('parts.mov', 'mov', 4))).toEqual(whole);
    expect(new Set(whole).size).toBe(PICTURES);
  });

  test.each(['mp4', 'mkv', 'webm'] as const)(
    '%s · no picture is lost or doubled at a seam, and each is key there',
    async (format) => {
      const path = await filmed(`parts.${format}`, format, 4);
      const { stdout } = await execute('ffprobe', [
        ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time,flags'],
        ...['-of', 'csv=p=0', path],
      ]);
      const packets = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(','));
      const times = packets.map(([seconds]) => Number(seconds)).sort((a, b) => a - b);
      expect(times.length).toBe(PICTURES);
      for (const [number, seconds] of times.entries())
        expect(Math.abs(seconds - (times[0] ?? 0) - number / FPS)).toBeLessThan(0.001);
      const keys = packets.filter(([, flags]) => flags?.startsWith('K')).map(([seconds]) => Number(seconds));
      for (const seam of [4, 8])
        expect(Math.min(...keys.map((key) => Math.abs(key - seam)))).toBeLessThan(0.001);
      for (const x of [0, 320]) {
        const { frames, errors } = await watchTile(path, { x, y: 0, width: 320, height: 180 });
        expect(errors).toEqual([]);
        expect(frames.length).toBe(PICTURES);
        // Some cannot be read behind a flash.
        const numbers = frames.flatMap(({ timecode }, at) =>
          timecode === undefined ? [] : [[at, Math.round((timecode.timeMs * FPS) / 1000)]],
        );
        expect(numbers.length).toBeGreaterThan(PICTURES * 0.8);
        expect(numbers.filter(([at, number]) => at !== number)).toEqual([]);
      }
    },
  );

  test('given up in the second chunk · half of a chunk is not left, nor any of a film', async () => {
    const controller = new AbortController();
    const options = await filming('given-up.mp4', 'mp4', controller.signal);
    const onProgress = (filmedMs: number) => {
      if (filmedMs > 6000) controller.abort(new Error('enough'));
    };
    const left = async () => (await readdir(folder)).filter((name) => name.startsWith('given-up'));
    const shooting = shootChunks({ ...options, onProgress }, chunksOf(PICTURES, FPS, 4));
    await expect(shooting).rejects.toThrow('enough');
    expect(await left()).toEqual(['given-up.mp4.chunk-0']);
    await expect(film(options)).rejects.toThrow('enough');
    expect(await left()).toEqual([]);
  });

  test('each can be made by itself · it has the same pictures', async () => {
    const options = await filming('alone.mov', 'mov');
    const chunks = chunksOf(PICTURES, FPS, 4);
    for (const chunk of chunks.toReversed()) await shootChunks(options, [chunk]);
    await joinFilm(chunks, options.encoding);
    expect(await picturesOf(options.encoding.path)).toEqual(await picturesOf(join(folder, 'whole.mov')));
  });
});
