import { join } from 'node:path';
import type { FrameTruth, TrackTruth } from '@rawreel/fixtures';
import {
  findBeeps,
  levelDb,
  listenAudio,
  opusLookAheadMs,
  probeFile,
  probePackets,
  type SeenFrame,
  watchVideo,
} from '@rawreel/fixtures/judge';
import { expect } from 'vitest';
import type { SaidFile } from './rawreel.ts';

export interface Expectations {
  /** How far a beep or picture may be from its place relative to the others; less where one clock places all. */
  readonly placedWithinMs?: number;
  /** What gaps hold; `nothing` leaves them to the timestamps. */
  readonly gaps?: 'filled' | 'nothing';
  /** Audio: with DTX kept, the decoder makes fewer samples than there is time. */
  readonly samples?: 'all' | 'fewer';
}

/** Where the file's zero lies on the call clock, as the report has it. */
export type CallClock = { readonly startUnixMs: number; readonly zeroUnixMs: number };

/** From the sender to the recorder, and what jitter adds to the least delayed packet. */
const NETWORK_MS = 40;
const JITTER_MS = 12;
/** Timestamps have a grain of 1 ms, packets another, and ffprobe a third. */
const GRAIN_MS = 2;
const SILENCE_DB = -70;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function expectTogether(offsets: readonly number[], withinMs: number): void {
  const common = median(offsets);
  for (const offset of offsets) expect(Math.abs(offset - common)).toBeLessThanOrEqual(withinMs);
}

/** Call clock at the file's zero, told by what the file says of itself: a network's delay later than in truth. */
function zeroOf(file: SaidFile, { startUnixMs, zeroUnixMs }: CallClock): number {
  return file.offsetMs + zeroUnixMs - startUnixMs;
}

/** The file's own statement of where it starts holds: within jitter of a delay after the truth. */
function expectOffset(offsets: readonly number[], file: SaidFile, clock: CallClock, withinMs: number): void {
  const late = median(offsets) + zeroOf(file, clock);
  expect(Math.abs(late - NETWORK_MS)).toBeLessThanOrEqual(JITTER_MS + withinMs);
}

async function expectContainer(path: string, file: SaidFile, stream: 'a:0' | 'v:0'): Promise<void> {
  const probed = await probeFile(path);
  expect(probed.errors).toEqual([]);
  expect(Math.abs(probed.durationMs - file.durationMs)).toBeLessThanOrEqual(GRAIN_MS);
  const packets = await probePackets(path, stream);
  const stuck = packets.filter(({ ptsMs }, i) => i > 0 && !(ptsMs > (packets[i - 1]?.ptsMs ?? 0)));
  expect(stuck).toEqual([]);
  expect(packets.length).toBeGreaterThan(0);
}

export async function judgeAudio(
  folder: string,
  file: SaidFile,
  track: TrackTruth,
  clock: CallClock,
  { placedWithinMs = 5, gaps = 'filled', samples = 'all' }: Expectations = {},
): Promise<void> {
  const path = join(folder, file.path);
  await expectContainer(path, file, 'a:0');
  const heard = await listenAudio(path);
  expect(heard.errors).toEqual([]);
  const decodedMs = heard.samples / 48;
  const openMs = gaps === 'filled' ? 0 : gapsOf(track).reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0);
  if (samples === 'all') expect(Math.abs(decodedMs + openMs - file.durationMs)).toBeLessThanOrEqual(20);
  else expect(decodedMs).toBeLessThan(file.durationMs - 200);
  expect(Math.abs(file.durationMs - (track.endMs - track.startMs))).toBeLessThanOrEqual(20 + placedWithinMs);

  const beeps = findBeeps(heard, track.hz ?? 0);
  expect(track.beeps.length).toBeGreaterThan(1);
  const zero = zeroOf(file, clock);
  const offsets = track.beeps.map((truth) => {
    const place = truth + opusLookAheadMs - zero + NETWORK_MS;
    const near = beeps.reduce(
      (best, { onsetMs }) => (Math.abs(onsetMs - place) < Math.abs(best - place) ? onsetMs : best),
      Number.POSITIVE_INFINITY,
    );
    return near - truth - opusLookAheadMs;
  });
  expectTogether(offsets, placedWithinMs);
  expectOffset(offsets, file, clock, placedWithinMs);
  expect(beeps.length).toBeGreaterThanOrEqual(track.beeps.length);
  expect(beeps.length).toBeLessThanOrEqual(track.beeps.length + track.beepsUncertain.length);

  const common = median(offsets);
  for (const gap of gapsOf(track)) {
    const [from, to] = [gap.startMs + common + 60, gap.endMs + common - 60];
    expect(levelDb(heard, from, to)).toBeLessThan(SILENCE_DB);
  }
  if (gaps === 'filled') expect(heard.holes).toEqual([]);
  else if (samples === 'all') expectHoles(heard.holes, track, common, placedWithinMs);
}

function expectHoles(
  holes: readonly { readonly startMs: number; readonly endMs: number }[],
  track: TrackTruth,
  common: number,
  withinMs: number,
): void {
  const truths = gapsOf(track);
  expect(holes).toHaveLength(truths.length);
  for (const [i, { startMs, endMs }] of truths.entries()) {
    expect(Math.abs((holes[i]?.startMs ?? Number.NaN) - startMs - common)).toBeLessThanOrEqual(20 + withinMs);
    expect(Math.abs((holes[i]?.endMs ?? Number.NaN) - endMs - common)).toBeLessThanOrEqual(20 + withinMs);
  }
}

/** Stretches long enough to be gaps rather than a frame's rest. */
function gapsOf(track: TrackTruth): readonly { readonly startMs: number; readonly endMs: number }[] {
  return track.gaps.filter(({ startMs, endMs }) => endMs - startMs > 150);
}

const isFiller = (frame: SeenFrame): boolean => frame.timecode === undefined;

export async function judgeVideo(
  folder: string,
  file: SaidFile,
  track: TrackTruth,
  clock: CallClock,
  { placedWithinMs = 40, gaps = 'filled' }: Expectations = {},
): Promise<void> {
  const path = join(folder, file.path);
  await expectContainer(path, file, 'v:0');
  const seen = await watchVideo(path);
  expect(seen.errors).toEqual([]);
  const shown = seen.frames.filter((frame) => !isFiller(frame));
  const truths = track.frames.filter(({ decodable }) => decodable);
  expect(truths.length).toBeGreaterThan(10);
  expect(shown.map(({ timecode }) => timecode?.timeMs)).toEqual(
    truths.map(({ captureMs }) => Math.round(captureMs)),
  );
  expect(new Set(shown.map(({ timecode }) => timecode?.source))).toEqual(new Set([track.source]));
  expect(shown.map(({ width, height }) => [width, height])).toEqual(
    truths.map(({ width, height }) => [width, height]),
  );
  const offsets = shown.map(({ ptsMs, timecode }) => ptsMs - (timecode?.timeMs ?? Number.NaN));
  expectTogether(offsets, placedWithinMs);
  expectOffset(offsets, file, clock, placedWithinMs);
  expect(file.frames).toBe(truths.length);
  expectFillers(seen.frames, track, truths, median(offsets), gaps);
}

/** In gaps there is black where that was asked for, and nowhere else is there a picture that nobody sent. */
function expectFillers(
  frames: readonly SeenFrame[],
  track: TrackTruth,
  truths: readonly FrameTruth[],
  common: number,
  gaps: 'filled' | 'nothing',
): void {
  const fillers = frames.filter(isFiller);
  expect(fillers.filter(({ black }) => !black)).toEqual([]);
  const dark = [...gapsOf(track), ...beforeFirstKey(track, truths)];
  const within = ({ ptsMs }: SeenFrame, gap: { startMs: number; endMs: number }): boolean =>
    ptsMs >= gap.startMs + common - 60 && ptsMs <= gap.endMs + common + 60;
  expect(fillers.filter((frame) => !dark.some((gap) => within(frame, gap)))).toEqual([]);
  for (const { ptsMs, width, height } of fillers) {
    const before = truths.findLast(({ captureMs }) => captureMs + common < ptsMs) ?? truths[0];
    expect([width, height]).toEqual([before?.width, before?.height]);
  }
  for (const gap of dark) {
    const filled = fillers.some((frame) => within(frame, gap) && frame.ptsMs < gap.startMs + common + 100);
    expect(filled).toBe(gaps === 'filled');
  }
}

function beforeFirstKey(track: TrackTruth, truths: readonly FrameTruth[]) {
  const first = truths[0]?.captureMs ?? track.startMs;
  return first - track.startMs > 150 ? [{ startMs: track.startMs, endMs: first }] : [];
}
