import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { buildSenderReport, dumpRecord } from '@rawreel/fixtures';
// The built package: its worker threads load built files.
import { type PlanRequest, planRecording, type Report, type RunOptions, runPlan } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SparseTrack, SSRC, sparseCall } from '../support/sparse-call.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-filling-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Made {
  readonly report: Report;
  readonly output: string;
  /** Of all that lies in the output folder. */
  readonly bytes: number;
}

async function run(
  tracks: readonly SparseTrack[],
  request: PlanRequest,
  options: Partial<RunOptions> = {},
): Promise<Made> {
  const output = join(folder, `${++count}`);
  const path = join(folder, `${count}.zip`);
  await writeFile(path, sparseCall(tracks));
  await using recording = await openRecording(path);
  const report = await runPlan(planRecording(recording, request), { madeBy: 'test', ...options, output });
  const names = await readdir(output).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(output, name))).size));
  return { report, output, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

const gapsOf = ({ files }: Report) =>
  files.flatMap((file) => (file.kind === 'audio' || file.kind === 'video' ? [file.gaps] : []));

const boundedIn = ({ problems }: Report) => problems.filter(({ code }) => code === 'FILLING_BOUNDED');

const HOUR_MS = 3_600_000;
const DAY_MS = 23.5 * HOUR_MS;

describe('how much is filled in', () => {
  test('three hours with a word before and after · silence and black all along, in every file', async () => {
    const words = { kind: 'audio', segments: [{ startMs: 0 }, { startMs: 3 * HOUR_MS }] } as const;
    const picture = { kind: 'video', segments: [{ startMs: 0 }, { startMs: 3 * HOUR_MS }] } as const;
    const { report } = await run(
      [
        { ...words, user: 'alice' },
        { ...picture, user: 'alice' },
        { ...words, user: 'bob' },
      ],
      { outputs: ['audio', 'video', 'muxed'] },
    );
    expect(report.failures).toEqual([]);
    expect(boundedIn(report)).toEqual([]);
    expect(gapsOf(report).map((gaps) => gaps.map(({ filledWith }) => filledWith))).toEqual([
      ['silence'],
      ['black'],
      ['silence'],
    ]);
    const muxed = report.files.flatMap((file) => (file.kind === 'muxed' ? file.tracks : []));
    expect(muxed.map(({ gaps }) => gaps.map(({ filledWith }) => filledWith))).toEqual([
      ['black'],
      ['silence'],
    ]);
  });

  test('days between a few words · the time stands in the timestamps, and it is told', async () => {
    const starts = [0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS];
    const { report, bytes } = await run(
      [{ kind: 'audio', segments: starts.map((startMs) => ({ startMs })) }],
      { outputs: ['audio'] },
    );
    expect(gapsOf(report)[0]?.map(({ filledWith }) => filledWith)).toEqual(['nothing', 'nothing', 'nothing']);
    expect(report.files[0]?.durationMs).toBeGreaterThan(3 * DAY_MS);
    expect(boundedIn(report)).toMatchObject([{ severity: 'notice', trackId: 't0' }]);
    expect(boundedIn(report)[0]?.message).toContain('3 gaps are not filled with silence, 70:30:00 in all');
    expect(bytes).toBeLessThan(10_000);
  });

  test('a mix of days of silence · is not made, and leaves nothing; the voices are', async () => {
    const { report, output, bytes } = await run(
      [{ kind: 'audio', segments: [{ startMs: 0 }, { startMs: DAY_MS }] }],
      { outputs: ['audio', 'mix'], mix: { format: 'wav' } },
    );
    expect(report.failures).toMatchObject([{ kind: 'mix', code: 'ERR_TOO_MUCH_SILENCE' }]);
    expect(report.failures[0]?.hint).toContain('--max-output');
    expect(report.files.map(({ kind }) => kind)).toEqual(['audio']);
    expect((await readdir(output)).filter((name) => name.endsWith('.wav'))).toEqual([]);
    expect(bytes).toBeLessThan(10_000);
  });

  test('pictures days apart · black of a large size is not repeated until the disk is full', async () => {
    const size = [1920, 1080] as const;
    const { report, bytes } = await run(
      [
        {
          kind: 'video',
          segments: [
            { startMs: 0, size },
            { startMs: DAY_MS, size },
          ],
        },
      ],
      { outputs: ['video'] },
    );
    expect(gapsOf(report)[0]).toMatchObject([{ filledWith: 'nothing' }]);
    expect(boundedIn(report)[0]?.message).toContain('not filled with black');
    expect(bytes).toBeLessThan(10_000);
  });

  test('maxOutputBytes · more is filled where more is allowed, nothing where nothing is', async () => {
    const tracks = [{ kind: 'audio', segments: [{ startMs: 0 }, { startMs: DAY_MS }] }] as const;
    const filledWith = async (maxOutputBytes: number) => {
      const { report, bytes } = await run(tracks, { outputs: ['audio'] }, { maxOutputBytes });
      return { filledWith: gapsOf(report)[0]?.map((gap) => gap.filledWith), bytes };
    };
    const much = await filledWith(64 * 2 ** 20);
    expect(much.filledWith).toEqual(['silence']);
    expect(much.bytes).toBeLessThan(64 * 2 ** 20);
    expect(await filledWith(1)).toMatchObject({ filledWith: ['nothing'] });
  });

  test('forty voices with a day of silence each · one budget for all of them', async () => {
    const tracks = Array.from(
      { length: 40 },
      (_, index): SparseTrack => ({
        kind: 'audio',
        user: `u${index}`,
        segments: [{ startMs: 0 }, { startMs: DAY_MS }],
      }),
    );
    const maxOutputBytes = 100 * 2 ** 20;
    const { report, bytes } = await run(tracks, { outputs: ['audio'] }, { maxOutputBytes });
    expect(report.files).toHaveLength(40);
    expect(bytes).toBeLessThan(maxOutputBytes);
    expect(boundedIn(report).length).toBeGreaterThan(0);
  });
});

describe('times that only a record or two claim', () => {
  const MUCH_MS = 4_200_000_000;

  test.each([
    ['the last', 49],
    ['the first', 0],
  ])('%s record is weeks away · placed by the media clock, and told', async (_which, record) => {
    const segment = { startMs: 0, packets: 50, offsets: new Map([[record, MUCH_MS]]) };
    const { report } = await run([{ kind: 'audio', segments: [segment] }], {
      outputs: ['audio', 'mix'],
      mix: { format: 'wav' },
    });
    expect(report.failures).toEqual([]);
    for (const { durationMs } of report.files) expect(Math.abs(durationMs - 1000)).toBeLessThan(500);
    expect(report.problems).toMatchObject([
      { code: 'TIME_UNCONFIRMED', severity: 'notice', entry: 'alice/s1.rtpdump' },
    ]);
  });

  test('a camera’s last record is weeks away · the same', async () => {
    const segment = { startMs: 0, packets: 50, offsets: new Map([[49, MUCH_MS]]) };
    const { report } = await run([{ kind: 'video', segments: [segment] }], { outputs: ['video'] });
    expect(Math.abs((report.files[0]?.durationMs ?? 0) - 2000)).toBeLessThan(500);
    expect(report.problems.map(({ code }) => code)).toEqual(['TIME_UNCONFIRMED']);
  });
});

describe('a clock of noise', () => {
  /** A linear congruential generator (Numerical Recipes): the same noise every time. */
  function* noise(seed: number): Generator<number> {
    for (let value = seed; ; value = (value * 1_664_525 + 1_013_904_223) % 2 ** 32) yield value;
  }

  test('forty thousand sender reports of any time · the voice is placed by its own packets', async () => {
    const random = noise(40);
    const more = Array.from({ length: 40_000 }, (_, index) =>
      dumpRecord(
        buildSenderReport({
          ssrc: SSRC,
          ntpSeconds: random.next().value as number,
          rtpTimestamp: random.next().value as number,
          packets: 1,
          octets: 1,
          cname: 'a',
        }),
        100 + index / 40,
        'rtcp',
      ),
    );
    const tracks: SparseTrack[] = [{ kind: 'audio', segments: [{ startMs: 0, packets: 50, more }] }];
    const { report } = await run(tracks, { outputs: ['audio'] });
    expect(report.failures).toEqual([]);
    expect(report.files[0]).toMatchObject({ kind: 'audio', frames: 50 });
  });
});
