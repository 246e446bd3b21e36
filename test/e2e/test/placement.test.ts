import { join } from 'node:path';
import { type GeneratedCall, generateCall, type TrackTruth } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heardMoments, latenesses, median, seenMoments } from '../src/moments.ts';
import { extract, type Kind, type SaidFile, temporaryFolder } from '../src/rawreel.ts';
import { BY_RECEIVE_TIME_MS, timedCalls } from '../src/timed-calls.ts';

const KINDS: readonly Kind[] = ['audio', 'video'];

/** From the sender to the recorder, a packet of sound before that, and jitter. */
const SLOWEST_MS = 100;

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

async function momentsOf(path: string, track: TrackTruth) {
  if (track.kind === 'video') return seenMoments(path, track);
  const { moments, samples } = await heardMoments(path, [track]);
  return Object.assign(moments[0] ?? [], { samples });
}

/** Each track's moments, as late as its own file puts them on the call clock. */
async function measure(call: GeneratedCall, output: string, files: readonly SaidFile[]) {
  const { tracks } = call.truth;
  expect(files).toHaveLength(tracks.length);
  const late: { readonly track: TrackTruth; readonly ms: readonly number[] }[] = [];
  for (const track of tracks) {
    const file = files.find(({ trackId }) => trackId === track.trackId);
    if (file === undefined) throw new Error(`no ${track.kind} of ${track.userId}`);
    const moments = await momentsOf(join(output, file.path), track);
    late.push({ track, ms: latenesses(moments, file, call.truth) });
  }
  return late;
}

const furthest = (values: readonly number[], from: number): number =>
  Math.max(...values.map((value) => Math.abs(value - from)));

describe.each(timedCalls)('$name · every file where it belongs on the call clock', ({ spec }) => {
  let call: GeneratedCall;
  let late: Awaited<ReturnType<typeof measure>> = [];

  beforeAll(async () => {
    call = await generateCall(spec);
    const archive = join(room.path, `${spec.callId}.zip`);
    const output = join(room.path, spec.callId ?? '');
    await call.writeArchive(archive);
    const files: SaidFile[] = [];
    for (const kind of KINDS) {
      const { exitCode, said } = await extract(kind, ['--input-file', archive], output);
      expect(exitCode).toBe(0);
      files.push(...(said.files ?? []));
    }
    late = await measure(call, output, files);
  });

  it.each(spec.users.map(({ id }) => id))('%s', (id) => {
    const common = median(late.map(({ ms }) => median(ms)));
    const own = late.filter(({ track }) => track.userId === id);
    expect(own.length).toBeGreaterThan(1);
    for (const { ms, track } of own) {
      expect(furthest(ms, common), track.kind).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
    }
  });

  it('no two moments of anybody are further from each other', () => {
    const all = late.flatMap(({ ms }) => ms);
    expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
    expect(Math.min(...all)).toBeGreaterThan(0);
    expect(Math.max(...all)).toBeLessThan(SLOWEST_MS);
  });
});
