import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type GeneratedCall, generateCall, type TrackTruth } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laid, layOut, spreadMs } from '../src/moments.ts';
import { make, type SaidFile, type SaidMix, type SaidMuxed, temporaryFolder } from '../src/rawreel.ts';
import { BY_RECEIVE_TIME_MS, LIP_SYNC_MS, pairsOf, type TimedCall, timedCalls } from '../src/timed-calls.ts';

type AnyFile = SaidFile | SaidMuxed | SaidMix;

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

/** Runs process-all on a call, and lays out all that came of it. */
async function processAll({ spec }: TimedCall, ...more: string[]) {
  const call = await generateCall(spec);
  const archive = join(room.path, `${spec.callId}.zip`);
  const output = join(room.path, [spec.callId, ...more].join(' '));
  await call.writeArchive(archive);
  const { exitCode, stderr, said } = await make('process-all', ['--input-file', archive], output, more);
  expect([exitCode, stderr]).toEqual([0, '']);
  const files = said.files ?? [];
  expect(readdirSync(output).sort()).toEqual([...files.map(({ path }) => path), 'manifest.json'].sort());
  const laid: Laid[] = [];
  for (const file of files) laid.push(...(await layOut(output, file, tracksOf(file, call), call.truth)));
  return { call, files, laid };
}

function tracksOf(file: AnyFile, { truth }: GeneratedCall): TrackTruth[] {
  const ids = 'tracks' in file ? file.tracks.map(({ trackId }) => trackId) : [file.trackId];
  return truth.tracks.filter(({ trackId }) => ids.includes(trackId));
}

/** How many files of each kind. */
const countsOf = (files: readonly AnyFile[]) =>
  (['audio', 'video', 'muxed', 'mix'] as const).map(
    (kind) => files.filter((file) => file.kind === kind).length,
  );

function expectedCounts({ truth }: GeneratedCall, userId?: string): number[] {
  const own = truth.tracks.filter((track) => userId === undefined || track.userId === userId);
  const ofKind = (kind: string): number => own.filter((track) => track.kind === kind).length;
  const pairs = pairsOf({ ...truth, tracks: own });
  return [ofKind('audio'), ofKind('video'), pairs.length];
}

describe('process-all', () => {
  it.each([timedCalls.tracks, timedCalls.slowPictures])(
    '$name · all of it, and every moment is at one place in all files',
    async (timed) => {
      const { call, files, laid } = await processAll(timed);
      expect(countsOf(files)).toEqual([...expectedCounts(call), 1]);
      expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
      for (const { id } of timed.spec.users) {
        const own = laid.filter(({ track }) => track.userId === id && !track.screenshare);
        for (const sessionId of new Set(own.map(({ track }) => track.sessionId))) {
          const session = own.filter(({ track }) => track.sessionId === sessionId);
          expect(session.length).toBeGreaterThanOrEqual(5);
          expect(spreadMs(session)).toBeLessThanOrEqual(LIP_SYNC_MS);
        }
      }
    },
  );

  it('--user-id · files of one, a mix of all', async () => {
    const { call, files } = await processAll(timedCalls.pairs, '--user-id', 'two');
    expect(countsOf(files)).toEqual([...expectedCounts(call, 'two'), 1]);
    const mixed = files.find(({ kind }) => kind === 'mix');
    expect(mixed === undefined ? [] : new Set(tracksOf(mixed, call).map(({ userId }) => userId))).toEqual(
      new Set(['one', 'two']),
    );
  });

  it('--align recording · everything begins at the recording’s zero', async () => {
    const { call, files, laid } = await processAll(timedCalls.pairs, '--align', 'recording');
    expect(countsOf(files)).toEqual([...expectedCounts(call), 1]);
    expect(files.map(({ offsetMs }) => offsetMs)).toEqual(files.map(() => 0));
    expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
  });
});
