import { join } from 'node:path';
import { type GeneratedCall, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laid, layOut, median, spreadMs } from '../src/moments.ts';
import { extract, type Kind, type SaidFile, temporaryFolder } from '../src/rawreel.ts';
import { allTimedCalls, BY_RECEIVE_TIME_MS } from '../src/timed-calls.ts';

const KINDS: readonly Kind[] = ['audio', 'video'];

/** From the sender to the recorder, a packet of sound before that, and jitter. */
const SLOWEST_MS = 100;

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

async function extractAll(call: GeneratedCall): Promise<Laid[]> {
  const { callId, tracks } = call.truth;
  const archive = join(room.path, `${callId}.zip`);
  const output = join(room.path, callId);
  await call.writeArchive(archive);
  const files: SaidFile[] = [];
  for (const kind of KINDS) {
    const { exitCode, said } = await extract(kind, ['--input-file', archive], output);
    expect(exitCode).toBe(0);
    files.push(...(said.files ?? []));
  }
  expect(files).toHaveLength(tracks.length);
  const laid: Laid[] = [];
  for (const file of files) {
    const own = tracks.filter(({ trackId }) => trackId === file.trackId);
    laid.push(...(await layOut(output, file, own, call.truth)));
  }
  return laid;
}

describe.each(allTimedCalls)('extracted · $name', ({ spec }) => {
  let laid: readonly Laid[] = [];

  beforeAll(async () => {
    laid = await extractAll(await generateCall(spec));
  });

  it.each(spec.users.map(({ id }) => id))('%s · where they belong on the call clock', (id) => {
    const common = median(laid.map(({ lateMs }) => median(lateMs)));
    const own = laid.filter(({ track }) => track.userId === id);
    expect(own.length).toBeGreaterThan(1);
    for (const { lateMs, track } of own) {
      const furthest = Math.max(...lateMs.map((ms) => Math.abs(ms - common)));
      expect(furthest, track.kind).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
    }
  });

  it('no two moments of anybody are further from each other', () => {
    expect(laid).toHaveLength(
      spec.users.flatMap(({ sessions }) => sessions.flatMap(({ tracks }) => tracks)).length,
    );
    expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
    const all = laid.flatMap(({ lateMs }) => lateMs);
    expect(Math.min(...all)).toBeGreaterThan(0);
    expect(Math.max(...all)).toBeLessThan(SLOWEST_MS);
  });
});
