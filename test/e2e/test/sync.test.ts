import { join } from 'node:path';
import { type GeneratedCall, generateCall } from '@rawreel/fixtures';
import { probeFile } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laid, type LipSync, layOut, lipSync, spreadMs } from '../src/moments.ts';
import { make, type SaidMuxed, temporaryFolder } from '../src/rawreel.ts';
import { allTimedCalls, BY_RECEIVE_TIME_MS, LIP_SYNC_MS, type Pair, pairsOf } from '../src/timed-calls.ts';

interface Measured {
  readonly pair: Pair;
  readonly file: SaidMuxed;
  readonly laid: readonly Laid[];
  readonly lips: readonly LipSync[];
}

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

function fileOf({ sound, picture }: Pair, files: readonly SaidMuxed[]): SaidMuxed {
  const wanted = [sound.trackId, picture.trackId].sort().join();
  const file = files.find(
    ({ tracks }) =>
      tracks
        .map(({ trackId }) => trackId)
        .sort()
        .join() === wanted,
  );
  if (file === undefined) throw new Error(`no file with sound and picture of ${sound.userId}`);
  return file;
}

async function measure(call: GeneratedCall, output: string, pair: Pair, files: readonly SaidMuxed[]) {
  const file = fileOf(pair, files);
  const laid = await layOut(output, file, [pair.sound, pair.picture], call.truth);
  const probed = await probeFile(join(output, file.path));
  expect(probed.errors).toEqual([]);
  expect(probed.streams).toHaveLength(2);
  expect(Math.abs(probed.durationMs - file.durationMs)).toBeLessThanOrEqual(2);
  const [sound = [], picture = []] = laid.map(({ moments }) => moments);
  return { pair, file, laid, lips: lipSync(sound, picture) };
}

/** While both were recorded. */
const together = ({ sound, picture }: Pair) => ({
  startMs: Math.max(sound.startMs, picture.startMs),
  endMs: Math.min(sound.endMs, picture.endMs),
});

/** There is a beep each second. */
const EDGE_MS = 1500;

const cases = allTimedCalls.flatMap((timed) =>
  timed.containers.map((container) => ({ ...timed, container })),
);

describe.each(cases)('mux-av · $name · $container', ({ spec, container, withoutReports = [] }) => {
  const measured: Measured[] = [];
  let call: GeneratedCall;

  beforeAll(async () => {
    call = await generateCall(spec);
    const archive = join(room.path, `${spec.callId}.zip`);
    const output = join(room.path, `${spec.callId} ${container}`);
    await call.writeArchive(archive);
    const { exitCode, stderr, said } = await make('mux-av', ['--input-file', archive], output, [
      '--container',
      container,
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const pairs = pairsOf(call.truth);
    expect(said.files).toHaveLength(pairs.length);
    for (const pair of pairs) measured.push(await measure(call, output, pair, said.files ?? []));
  });

  it.each(spec.users.map(({ id }) => id))('%s · lips and voice together from beginning to end', (id) => {
    const own = measured.filter(({ pair }) => pair.sound.userId === id);
    expect(own.length).toBeGreaterThan(0);
    const most = withoutReports.includes(id) ? BY_RECEIVE_TIME_MS : LIP_SYNC_MS;
    for (const { lips, pair } of own) {
      const { startMs, endMs } = together(pair);
      expect(lips[0]?.truthMs).toBeLessThan(startMs + EDGE_MS);
      expect(lips.at(-1)?.truthMs).toBeGreaterThan(endMs - EDGE_MS);
      for (const { truthMs, soundLateMs } of lips) {
        expect(Math.abs(soundLateMs), `at ${truthMs} ms`).toBeLessThanOrEqual(most);
      }
    }
  });

  it('everybody is where they belong on the call clock', () => {
    expect(measured.length).toBeGreaterThan(1);
    expect(spreadMs(measured.flatMap(({ laid }) => laid))).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
    for (const { file } of measured) {
      const startsMs = Date.parse(file.startsAt) - call.truth.zeroUnixMs;
      expect(Math.abs(startsMs - file.offsetMs)).toBeLessThanOrEqual(1);
    }
  });

  it('names say whose file it is', () => {
    const { callType, callId, startUnixMs } = call.truth;
    for (const { pair, file } of measured) {
      const { userId, sessionId, screenshare } = pair.sound;
      const media = `${screenshare ? 'shared_' : ''}audio_video_${startUnixMs}.${container}`;
      const name = (...ids: string[]): string =>
        ['individual', callType, callId, userId, sessionId, ...ids, media].join('_').replaceAll(' ', '%20');
      const names = pair.oneOfMany ? [name(pair.sound.trackId), name(pair.picture.trackId)] : [name()];
      expect(names).toContain(file.path);
    }
  });
});
