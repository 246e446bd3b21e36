import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { type HostileCase, hostileArchives, type TrackTruth } from '@rawreel/fixtures';
import { listenAudio, probeFile, watchVideo } from '@rawreel/fixtures/judge';
import { describe, expect, it } from 'vitest';
import { type Extracted, extract, type Kind, type SaidFile, temporaryFolder } from '../src/rawreel.ts';

const cases = await hostileArchives();
const KINDS: readonly Kind[] = ['audio', 'video'];

/** Audio starts and ends within a packet of the truth, and a picture has a frame's length. */
const EDGE_MS = 45;

function limitsOf({ limits }: HostileCase): string[] {
  return [
    ...(limits.maxEntrySize === undefined ? [] : ['--max-entry-size', String(limits.maxEntrySize)]),
    ...(limits.maxEntries === undefined ? [] : ['--max-entries', String(limits.maxEntries)]),
  ];
}

/** A call without a camera has no video: that one command says so is no news about the damage. */
function hasKind({ healthy, partial, gone }: HostileCase, kind: Kind): boolean {
  const tracks = [...healthy, ...gone, ...partial.map(({ track }) => track)];
  return tracks.length === 0 || tracks.some((track) => track.kind === kind);
}

async function extractBoth(
  hostile: HostileCase,
  input: readonly string[],
  output: string,
  more: readonly string[],
): Promise<Extracted[]> {
  const runs: Extracted[] = [];
  for (const kind of KINDS.filter((each) => hasKind(hostile, each))) {
    runs.push(await extract(kind, input, output, [...limitsOf(hostile), ...more]));
  }
  return runs;
}

const highestExit = (runs: readonly Extracted[]): number =>
  Math.max(...runs.map(({ exitCode }) => exitCode ?? Number.POSITIVE_INFINITY));

function messagesOf({ said }: Extracted): { code: string; message: string }[] {
  return [
    ...(said.error === undefined ? [] : [said.error]),
    ...(said.failures ?? []),
    ...(said.problems ?? []),
  ];
}

function fileOf(runs: readonly Extracted[], track: TrackTruth): SaidFile | undefined {
  return runs
    .flatMap(({ said }) => said.files ?? [])
    .find(({ trackId, sessionId }) => trackId === track.trackId && sessionId === track.sessionId);
}

/** Decodes without a complaint, and to as much media as the first so many frames have. */
async function expectMedia(path: string, track: TrackTruth, frames: number): Promise<void> {
  const last = track.frames[frames - 1];
  const lengthMs = last === undefined ? 0 : last.captureMs + last.durationMs - track.startMs;
  const probed = await probeFile(path);
  expect(probed.errors).toEqual([]);
  expect(Math.abs(probed.durationMs - lengthMs)).toBeLessThanOrEqual(EDGE_MS);
  if (track.kind === 'audio') {
    const heard = await listenAudio(path);
    expect(heard.errors).toEqual([]);
    expect(Math.abs(heard.samples / 48 - lengthMs)).toBeLessThanOrEqual(20);
  } else {
    const seen = await watchVideo(path);
    expect(seen.errors).toEqual([]);
    expect(seen.frames.map(({ timecode }) => timecode?.timeMs)).toEqual(
      track.frames.slice(0, frames).map(({ captureMs }) => Math.round(captureMs)),
    );
  }
}

/** Everything below a folder. */
function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

async function judge(hostile: HostileCase): Promise<void> {
  await using room = await temporaryFolder();
  const place = join(room.path, 'a', 'b', 'in');
  const output = join(room.path, 'a', 'b', 'out');
  await mkdir(place, { recursive: true });
  const archive = await hostile.write(place);
  const input = [hostile.bytes === undefined ? '--input-dir' : '--input-file', archive];
  const before = everythingIn(room.path);

  const runs = await extractBoth(hostile, input, output, []);

  expect(highestExit(runs)).toBe(hostile.expect.exit);
  const said = runs.flatMap(messagesOf);
  if (hostile.expect.code !== '') expect(said.map(({ code }) => code)).toContain(hostile.expect.code);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  for (const { message } of said) expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
  for (const { message } of said) expect(message).not.toBe('');
  for (const { stderr } of runs) expect(stderr).toBe('');

  const made = runs.flatMap((run) => run.said.files ?? []);
  for (const track of hostile.healthy) {
    const file = fileOf(runs, track);
    expect(file, `${track.userId} ${track.kind}`).toBeDefined();
    await expectMedia(join(output, file?.path ?? ''), track, track.frames.length);
  }
  for (const { track, frames } of hostile.partial) {
    const file = fileOf(runs, track);
    expect(file, `${track.userId} ${track.kind}`).toBeDefined();
    await expectMedia(join(output, file?.path ?? ''), track, frames);
  }
  for (const track of hostile.gone) expect(fileOf(runs, track)).toBeUndefined();
  expect(made).toHaveLength(hostile.healthy.length + hostile.partial.length);

  expectNothingElse(room.path, before, output, made);
  for (const path of hostile.mustNotExist) {
    const places = isAbsolute(path) ? [path] : [place, output].map((from) => resolve(from, path));
    for (const each of places) expect(existsSync(each), each).toBe(false);
  }
  if (hostile.expect.exit === 3) {
    expect(highestExit(await extractBoth(hostile, input, output, ['--accept-damage']))).toBe(0);
  }
}

/** The outputs, their manifest, and not a thing more: no leftovers, nothing outside the folder. */
function expectNothingElse(
  room: string,
  before: readonly string[],
  output: string,
  made: readonly SaidFile[],
): void {
  const added = everythingIn(room).filter((name) => !before.includes(name));
  const names = made.length === 0 ? [] : ['', ...made.map(({ path }) => path), 'manifest.json'];
  expect(added.map((name) => join(room, name))).toEqual(names.map((name) => join(output, name)).sort());
  for (const { path, byteLength } of made) expect(statSync(join(output, path)).size).toBe(byteLength);
}

describe.concurrent('damaged and hostile archives', () => {
  it.each(cases.map((hostile) => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    await judge(hostile);
  });
});
