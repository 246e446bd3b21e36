import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
// The built package: its worker threads load built files.
import { planRecording, type Report, runPlan } from '@rawreel/processor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SparseTrack, sparseCall } from '../support/sparse-call.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-arrivals-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(tracks: readonly SparseTrack[]): Promise<Report> {
  const path = join(folder, `${++count}.zip`);
  await writeFile(path, sparseCall(tracks));
  await using recording = await openRecording(path);
  const plan = planRecording(recording, {
    outputs: ['audio', 'video', 'muxed', 'mix'],
    mix: { format: 'wav' },
  });
  return runPlan(plan, { madeBy: 'test', output: join(folder, `${count}`) });
}

const PACKETS = { audio: 200, video: 100 };
const DAMAGED = ['alice audio', 'alice video', 'bob audio'] as const;

/** Alice with voice and camera, Bob with voice, for 4 s; records of one of them say something else than when they came. */
const call = (damaged?: (typeof DAMAGED)[number], offsets?: ReadonlyMap<number, number>): SparseTrack[] =>
  DAMAGED.map((name): SparseTrack => {
    const [user = '', kind] = name.split(' ') as [string, 'audio' | 'video'];
    const segment = { startMs: 0, packets: PACKETS[kind] };
    return { user, kind, segments: [name === damaged ? { ...segment, offsets } : segment] };
  });

const sums = ({ files }: Report): Map<string, string | undefined> =>
  new Map(
    files.flatMap((file) =>
      file.kind === 'audio' || file.kind === 'video' ? [[`${file.userId} ${file.kind}`, file.sha256]] : [],
    ),
  );

/** Of all gaps, those of missing tails among them. */
const openMs = ({ files }: Report): number =>
  files
    .flatMap((file) => (file.kind === 'audio' || file.kind === 'video' ? file.gaps : []))
    .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

function expectAsGood(report: Report, whole: Report, damaged: string): void {
  expect(report.failures).toEqual([]);
  const lengths = new Map(whole.files.map(({ path, durationMs }) => [path, durationMs]));
  expect(report.files.map(({ path }) => path).sort()).toEqual([...lengths.keys()].sort());
  for (const { path, durationMs, offsetMs } of report.files) {
    expect(Math.abs(durationMs - (lengths.get(path) ?? Number.NaN))).toBeLessThan(500);
    expect(Math.abs(offsetMs)).toBeLessThan(500);
  }
  expect(Math.abs(openMs(report) - openMs(whole))).toBeLessThan(500);
  const [made, before] = [sums(report), sums(whole)];
  for (const name of DAMAGED) if (name !== damaged) expect(made.get(name)).toBe(before.get(name));
}

describe('receive times of a damaged dump', () => {
  test('what was not believed is told, with how far off it was', async () => {
    const { problems } = await run(call('bob audio', new Map([[50, 2 ** 24]])));
    expect(problems).toMatchObject([
      { code: 'TIME_UNCONFIRMED', severity: 'notice', userId: 'bob', segment: 's3' },
    ]);
    expect(problems[0]?.message).toContain(
      '1 of 200 records claims to have come 16,776.2 s after its neighbours',
    );
  });

  test('property · records in a row with a flipped bit, of half a minute up to 25 days · each file is as long as it was, all others are the same, and it is told', async () => {
    const whole = await run(call());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DAMAGED),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 15, max: 31 }),
        async (damaged, at, length, bit) => {
          const kind = damaged.endsWith('audio') ? 'audio' : 'video';
          const stepMs = kind === 'audio' ? 20 : 40;
          const first = Math.floor(at * (PACKETS[kind] - 1));
          const offsets = new Map(
            Array.from({ length }, (_, index) => {
              const record = first + index;
              return [record, ((record * stepMs) ^ (2 ** bit)) >>> 0];
            }),
          );
          const report = await run(call(damaged, offsets));
          expectAsGood(report, whole, damaged);
          expect(report.problems.map(({ code }) => code)).toContain('TIME_UNCONFIRMED');
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  test('property · a few records of any time, apart from each other · the same', async () => {
    const whole = await run(call());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DAMAGED),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (damaged, wrong) => {
          const offsets = new Map(wrong.map(([place, ms]) => [place * 11, ms]));
          expectAsGood(await run(call(damaged, offsets)), whole, damaged);
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);
});
