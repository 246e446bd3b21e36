import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { shotsOf } from '../../src/composite/decoders/shot.ts';
import { shotFilter } from '../../src/composite/decoders/shot-filter.ts';
import type { TrackOutline } from '../../src/composite/decoders/track-outline.ts';
import { type Scene, type SceneList, sourceKey } from '../../src/plan/scene-list.ts';

const execute = promisify(execFile);

const source = { sessionId: 's', trackId: 't', codec: 'vp8' } as const;
const key = sourceKey(source);

const seen = (startMs: number, width: number, height: number): Scene => ({
  startMs,
  tiles: [{ userId: 'a', show: 'camera', source, place: { x: 0, y: 0, width, height } }],
});
const unseen = (startMs: number): Scene => ({ startMs, tiles: [] });

const listOf = (durationMs: number, ...scenes: readonly Scene[]): SceneList => ({
  version: 1,
  width: 1280,
  height: 720,
  fps: 25,
  durationMs,
  scenes,
  speaking: [],
});

const outline = (more: Partial<TrackOutline> = {}): TrackOutline => ({
  on: [],
  keysMs: [10],
  looks: [{ fromMs: 10, width: 640, height: 360, rotation: 0 }],
  unusable: undefined,
  ...more,
});

const shotsFor = (list: SceneList, of: TrackOutline, stretch = { from: 0, to: Number.POSITIVE_INFINITY }) =>
  shotsOf(list, new Map([[key, of]]), 'contain', stretch).get(key);

describe('what is decoded', () => {
  test('a size for each scene, from the last key frame before the first', () => {
    const list = listOf(6000, unseen(0), seen(2000, 640, 360), seen(4000, 320, 180));
    expect(shotsFor(list, outline({ keysMs: [10, 1500, 2500] }))).toMatchObject([
      {
        origin: 37,
        keyMs: 1500,
        pieces: [
          { from: 50, to: 100, size: { width: 640, height: 360 } },
          { from: 100, to: 150, size: { width: 320, height: 180 } },
        ],
      },
    ]);
  });

  test('what fills its place · is a camera; of a shared screen nothing is cut off', () => {
    const scene = (show: 'camera' | 'share'): Scene => ({
      startMs: 0,
      tiles: [{ userId: 'a', show, source, place: { x: 0, y: 0, width: 400, height: 400 } }],
    });
    const sizeOf = (show: 'camera' | 'share') =>
      shotsOf(listOf(1000, scene(show)), new Map([[key, outline()]]), 'cover', { from: 0, to: 25 }).get(
        key,
      )?.[0]?.pieces[0]?.size;
    expect(sizeOf('camera')).toEqual({ width: 712, height: 400 });
    expect(sizeOf('share')).toEqual({ width: 400, height: 226 });
  });

  test('a stretch in the middle · what is seen in it, from the last key frame before it', () => {
    const list = listOf(6000, seen(0, 640, 360), seen(4000, 320, 180));
    const shots = shotsFor(list, outline({ keysMs: [10, 1500, 2500] }), { from: 75, to: 125 });
    expect(shots).toMatchObject([
      {
        origin: 62,
        keyMs: 2500,
        pieces: [
          { from: 75, to: 100, size: { width: 640, height: 360 } },
          { from: 100, to: 125, size: { width: 320, height: 180 } },
        ],
      },
    ]);
  });

  test('out of sight for long · a decoder of its own where a key frame saves work, and none where it does not', () => {
    const list = listOf(60_000, seen(0, 640, 360), unseen(2000), seen(30_000, 640, 360));
    expect(shotsFor(list, outline({ keysMs: [10, 29_000] }))?.map(({ keyMs }) => keyMs)).toEqual([
      10, 29_000,
    ]);
    expect(shotsFor(list, outline())?.map(({ pieces }) => pieces.length)).toEqual([2]);
  });

  test('a picture is asked for before the first key frame · the first stands from there on', () => {
    const [shot] = shotsFor(listOf(3000, seen(0, 640, 360)), outline({ keysMs: [1000] })) ?? [];
    expect(shot).toMatchObject({ origin: 0, keyMs: 1000, pieces: [{ from: 0, to: 75 }] });
  });

  test('a key frame half a picture later is where its picture begins', () => {
    const list = listOf(60_000, seen(0, 640, 360), unseen(2000), seen(30_019, 640, 360));
    const shots = shotsFor(list, outline({ keysMs: [10, 30_019] }));
    expect(shots?.map(({ origin, keyMs }) => [origin, keyMs])).toEqual([
      [0, 10],
      [750, 30_019],
    ]);
  });

  test('a camera that turns and changes its size keeps its shape', () => {
    const looks = [
      { fromMs: 10, width: 640, height: 360, rotation: 0 },
      { fromMs: 1000, width: 640, height: 360, rotation: 90 },
      { fromMs: 2000, width: 640, height: 480, rotation: 0 },
    ] as const;
    expect(shotsFor(listOf(3000, seen(0, 640, 360)), outline({ looks }))?.[0]?.pieces).toEqual([
      {
        from: 0,
        to: 25,
        size: { width: 640, height: 360 },
        rotation: 0,
        place: { x: 0, y: 0, width: 640, height: 360 },
      },
      {
        from: 25,
        to: 50,
        size: { width: 360, height: 202 },
        rotation: 90,
        place: { x: 218, y: 0, width: 202, height: 360 },
      },
      {
        from: 50,
        to: 75,
        size: { width: 480, height: 360 },
        rotation: 0,
        place: { x: 80, y: 0, width: 480, height: 360 },
      },
    ]);
  });

  test('a thousand scenes · ten questions a picture, and each picture has its size', async () => {
    const scenes = Array.from({ length: 1000 }, (_, index) =>
      index % 4 === 3
        ? unseen(index * 200)
        : seen(index * 200, 32 * (1 + (index % 4)), 18 * (1 + (index % 4))),
    );
    const [shot] = shotsFor(listOf(200_000, ...scenes), outline()) ?? [];
    const filter = shotFilter(shot ?? expect.fail(), 25, false);
    const depth = [...filter].reduce(
      ({ now, most }, letter) => {
        const next = letter === '(' ? now + 1 : letter === ')' ? now - 1 : now;
        return { now: next, most: Math.max(most, next) };
      },
      { now: 0, most: 0 },
    );
    expect(depth.most).toBeLessThan(14);
    expect(filter.length).toBeLessThan(100_000);
    // A stream that begins anew after 100 s, slower than the film and then faster.
    const streams = ['color=size=64x36:rate=7:duration=100', 'color=size=64x36:rate=30:duration=100'];
    const input = ['-f', 'lavfi', '-i', `${streams.join('[a];')}[b];[a][b]concat`, '-vf', filter];
    const raw = ['-noautoscale', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
    const { stdout } = await execute('ffmpeg', ['-v', 'error', ...input, ...raw], {
      encoding: 'buffer',
      maxBuffer: 2 ** 29,
    });
    const pieces = shot?.pieces ?? [];
    expect(pieces.length).toBe(750);
    const bytes = pieces.reduce(
      (sum, { from, to, size }) => sum + ((to - from) * size.width * size.height * 3) / 2,
      0,
    );
    expect(stdout.length).toBe(bytes);
  });
});
