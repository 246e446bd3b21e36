import type { CodedFrame } from '@rawreel/rtp';
import { describe, expect, test } from 'vitest';
import { LayerChoice } from '../../src/read/layer-choice.ts';
import type { ClockedFrame } from '../../src/read/timed-frame.ts';
import type { TrackRun } from '../../src/time/track-runs.ts';

const SIZES = [
  { width: 320, height: 180 },
  { width: 640, height: 360 },
  { width: 1280, height: 720 },
] as const;

type Frames = ClockedFrame[];

/** A layer's frames every 40 ms; `key` says which of them are key frames. */
function frames(layer: 0 | 1 | 2, fromMs: number, toMs: number, key: (atMs: number) => boolean): Frames {
  const made: Frames = [];
  for (let atMs = fromMs; atMs < toMs; atMs += 40) {
    made.push({
      frame: { keyFrame: key(atMs), parameters: SIZES[layer], byteLength: 1000 } as unknown as CodedFrame,
      run: { layer } as TrackRun,
      clock: { firstTicks: 0, startMs: 0, msPerTick: 1, goesOn: true },
      unixMs: atMs,
    });
  }
  return made;
}

/** What is chosen as `layer from-to` where the layer changes; frames come in batches, layer behind layer. */
function chosenOf(layers: readonly Frames[], batchMs = 500): { stretches: string[]; leftOut: number } {
  const choice = new LayerChoice();
  const out: Frames = [];
  const endMs = Math.max(...layers.flat().map(({ unixMs }) => unixMs));
  for (let fromMs = 0; fromMs <= endMs; fromMs += batchMs) {
    for (const layer of layers)
      for (const each of layer.filter(({ unixMs }) => unixMs >= fromMs && unixMs < fromMs + batchMs))
        choice.push(each);
    out.push(...choice.take());
  }
  out.push(...choice.finish());
  const stretches: { layer: number | undefined; fromMs: number; toMs: number }[] = [];
  for (const { run, unixMs } of out) {
    const last = stretches.at(-1);
    if (last !== undefined && last.layer === run.layer) last.toMs = unixMs;
    else stretches.push({ layer: run.layer, fromMs: unixMs, toMs: unixMs });
  }
  return {
    stretches: stretches.map(({ layer, fromMs, toMs }) => `${layer} ${fromMs}-${toMs}`),
    leftOut: choice.leftOut,
  };
}

const every = (ms: number) => (atMs: number) => atMs % ms === 0;
const only =
  (...times: number[]) =>
  (atMs: number) =>
    times.includes(atMs);

describe('layer choice', () => {
  test('layers · the better one from its key frame on, though the lesser one comes first', () => {
    const low = frames(0, 0, 4000, every(2000));
    expect(chosenOf([low, frames(1, 1000, 4000, only(1000))]).stretches).toEqual(['0 0-960', '1 1000-3960']);
  });

  test('layers · key frames of one moment: the best of them', () => {
    const low = frames(0, 0, 2000, only(0));
    const high = frames(1, 2, 2000, only(2));
    expect(chosenOf([low, high])).toEqual({ stretches: ['1 2-1962'], leftOut: 50 });
  });

  test('layers · while the better one is away, the lesser one from its next key frame on', () => {
    const low = frames(0, 0, 12_000, every(2000));
    const high = [...frames(1, 0, 3520, only(0)), ...frames(1, 7520, 12_000, only(7520))];
    expect(chosenOf([low, high]).stretches).toEqual(['1 0-3480', '0 4000-7480', '1 7520-11960']);
  });

  test('layers · the better one without a key frame behind its pause is not decoded', () => {
    const low = frames(0, 0, 12_000, every(2000));
    const high = [...frames(1, 0, 3520, only(0)), ...frames(1, 7520, 12_000, only(10_000))];
    expect(chosenOf([low, high]).stretches).toEqual(['1 0-3480', '0 4000-9960', '1 10000-11960']);
  });

  test('layers · a stall of less than a second costs no quality', () => {
    const low = frames(0, 0, 8000, every(200));
    const high = [...frames(1, 0, 3520, only(0)), ...frames(1, 4400, 8000, only())];
    expect(chosenOf([low, high]).stretches).toEqual(['1 0-7960']);
  });

  test('layers · of three the middle one stands in for the best', () => {
    const low = frames(0, 0, 12_000, every(1000));
    const middle = frames(1, 0, 12_000, every(4000));
    const high = [...frames(2, 0, 3520, only(0)), ...frames(2, 10_000, 12_000, only(10_000))];
    expect(chosenOf([low, middle, high]).stretches).toEqual(['2 0-3480', '1 4000-9960', '2 10000-11960']);
  });

  test('layers · nothing before the first key frame', () => {
    const low = frames(0, 0, 2000, only(800));
    expect(chosenOf([low, frames(1, 0, 2000, only())])).toEqual({ stretches: ['0 800-1960'], leftOut: 70 });
  });

  test('layers · one that is read later by up to three seconds finds its place', () => {
    const choice = new LayerChoice();
    const chosen: Frames = [];
    for (const each of frames(0, 0, 2960, every(1000))) choice.push(each);
    chosen.push(...choice.take());
    for (const each of frames(1, 0, 6000, only(0))) choice.push(each);
    chosen.push(...choice.take(), ...choice.finish());
    expect(new Set(chosen.map(({ run }) => run.layer))).toEqual(new Set([1]));
    expect(chosen.length).toBe(150);
  });

  test('layers · a thousand frames in a moment do not wait for the next', () => {
    const choice = new LayerChoice();
    const [one] = frames(0, 0, 40, every(1));
    for (let count = 0; count < 5000; count++) if (one !== undefined) choice.push(one);
    expect(choice.take().length).toBe(5000 - 2048);
  });
});
