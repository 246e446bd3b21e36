import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import {
  type CallSpec,
  type GeneratedCall,
  generateCall,
  packFiles,
  type VideoTrackSpec,
} from '@rawreel/fixtures';
import { probePackets, watchVideo } from '@rawreel/fixtures/judge';
// The built package: its worker threads load built files.
import {
  type PlanRequest,
  planRecording,
  type Report,
  type RunOptions,
  readManifest,
  runPlan,
} from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withVideoEncrypted } from '../support/encrypted-call.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newFolder = () => join(folder, `${++count}`);

const video = (more: Partial<VideoTrackSpec> = {}): VideoTrackSpec => ({
  kind: 'video',
  codec: 'vp8',
  width: 320,
  height: 240,
  segments: [{ startMs: 400, durationMs: 3000 }],
  ...more,
});

const callOf = (...tracks: CallSpec['users'][number]['sessions'][number]['tracks'][number][]) =>
  generateCall({ seed: 5, users: [{ id: 'alice', sessions: [{ tracks }] }] });

async function run(
  call: GeneratedCall,
  request: PlanRequest,
  options: Partial<RunOptions> = {},
): Promise<{ report: Report; output: string }> {
  const output = options.output ?? newFolder();
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  await using recording = await openRecording(path);
  const report = await runPlan(planRecording(recording, request), { madeBy: 'test', ...options, output });
  return { report, output };
}

const only = (report: Report) => {
  const [file, ...others] = report.files;
  expect(others).toEqual([]);
  if (file?.kind !== 'audio' && file?.kind !== 'video') throw new Error('no track was made');
  return file;
};

describe('running a plan', () => {
  test('a video track of one clock · written while it is scanned, it holds what two readings give', async () => {
    const call = await callOf(video({ impair: { loss: 0.03, reorder: { probability: 0.1, withinMs: 60 } } }));
    const draft = await run(call, { outputs: ['video'] });
    const twice = await run(call, { outputs: ['video'], align: 'recording', gaps: 'keep' });
    const [one, two] = [only(draft.report), only(twice.report)];
    const offset = one.offsetMs - two.offsetMs;
    const packetsOf = async (output: string, path: string) => await probePackets(join(output, path), 'v:0');
    const [first, second] = [
      await packetsOf(draft.output, one.path),
      await packetsOf(twice.output, two.path),
    ];
    expect(first.length).toBe(one.frames);
    expect(first.map(({ size }) => size)).toEqual(second.map(({ size }) => size));
    for (const [index, packet] of first.entries()) {
      const expected = Math.max(0, packet.ptsMs + offset);
      expect(Math.abs(expected - (second[index]?.ptsMs ?? Number.NaN))).toBeLessThanOrEqual(1.1);
    }
    expect(Date.parse(one.startsAt) - Date.parse(two.startsAt)).toBeCloseTo(offset, -1);
    expect({ ...one.packets }).toEqual({ ...two.packets });
  });

  test('an SSRC change spoils the draft · both halves come out, in their places', async () => {
    const call = await callOf(
      video({ segments: [{ startMs: 400, durationMs: 4000, impair: { ssrcChanges: [{ atMs: 2000 }] } }] }),
    );
    const { report, output } = await run(call, { outputs: ['video'] });
    const seen = await watchVideo(join(output, only(report).path));
    const must =
      call.truth.tracks[0]?.kind === 'video'
        ? call.truth.tracks[0].frames.filter((one) => one.decodable)
        : [];
    const shown = new Set(seen.frames.map((one) => one.timecode?.timeMs));
    expect(must.filter(({ captureMs }) => !shown.has(Math.round(captureMs)))).toEqual([]);
    expect(seen.errors).toEqual([]);
  });

  test('threads or none, the bytes are the same', async () => {
    const call = await callOf(
      video(),
      { kind: 'audio', segments: [{ startMs: 200, durationMs: 3000 }] },
      video({ screenshare: true }),
    );
    const digests = async (workers: number) =>
      (await run(call, { outputs: ['audio', 'video'] }, { workers })).report.files.map(({ path, sha256 }) => [
        path,
        sha256,
      ]);
    const here = await digests(1);
    expect(here).toHaveLength(3);
    expect(await digests(3)).toEqual(here);
  });

  test('the report and the manifest tell the digest of the file that is there', async () => {
    const { report, output } = await run(await callOf(video()), { outputs: ['video'] });
    const file = only(report);
    const bytes = await readFile(join(output, file.path));
    expect(file).toMatchObject({
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(await readManifest(output)).toEqual([expect.objectContaining(file)]);
    expect((await readdir(output)).sort()).toEqual([file.path, 'manifest.json'].sort());
  });

  describe('resuming', () => {
    const everything = { outputs: ['audio', 'video', 'muxed', 'mix'] } as const;
    const spoken = () => callOf(video(), { kind: 'audio', segments: [{ startMs: 200, durationMs: 3000 }] });

    test('what is whole is not made again · the rest is, byte for byte as before', async () => {
      const call = await spoken();
      const { report, output } = await run(call, everything, { resume: 'keep' });
      const paths = report.files.map(({ path }) => path);
      expect(report.alreadyMade).toEqual([]);
      const [gone = '', cut = '', ...whole] = paths;
      await rm(join(output, gone));
      await truncate(join(output, cut), 1000);
      const again = await run(call, everything, { resume: 'keep', output });
      expect([...again.report.alreadyMade].sort()).toEqual([...whole].sort());
      expect(again.report.files.map(({ sha256 }) => sha256)).toEqual(
        report.files.map(({ sha256 }) => sha256),
      );
      const third = await run(call, everything, { resume: 'keep', output });
      expect([...third.report.alreadyMade].sort()).toEqual([...paths].sort());
      expect({ ...third.report, alreadyMade: [], elapsedMs: 0 }).toEqual({
        ...report,
        elapsedMs: 0,
        source: third.report.source,
      });
    });

    test('other options, another maker or another recording make everything anew', async () => {
      const call = await spoken();
      const { output } = await run(call, everything, { resume: 'keep' });
      const runs = [
        await run(call, { ...everything, align: 'recording' }, { resume: 'keep', output }),
        await run(call, everything, { resume: 'keep', output, madeBy: 'test 2' }),
        await run(await callOf(video({ driftPpm: 1 })), everything, { resume: 'keep', output }),
        await run(call, everything, { output }),
      ];
      for (const { report } of runs) expect(report.alreadyMade).toEqual([]);
    });

    test('the lock of a run that was killed with all of it made is not left behind', async () => {
      const call = await callOf(video());
      const { output } = await run(call, { outputs: ['video'] }, { resume: 'keep' });
      const lock = join(output, '.manifest.lock');
      await mkdir(lock);
      // Young enough to be somebody's, until it has been waited for.
      const at = new Date(Date.now() - 9_000);
      await utimes(lock, at, at);
      const again = await run(call, { outputs: ['video'] }, { resume: 'keep', output });
      expect(again.report.alreadyMade).toHaveLength(1);
      expect((await readdir(output)).filter((name) => name.startsWith('.'))).toEqual([]);
    });

    test('damage that an earlier run met is told again', async () => {
      const call = await callOf(video({ impair: { garbage: 0.05 } }));
      const first = await run(call, { outputs: ['video'] }, { resume: 'keep' });
      expect(first.report.damaged).toBe(true);
      const again = await run(call, { outputs: ['video'] }, { resume: 'keep', output: first.output });
      expect(again.report.alreadyMade).toHaveLength(1);
      expect(again.report.problems).toEqual(first.report.problems);
    });
  });

  test('verified, every kind of output is what its source asks for', async () => {
    const call = await callOf(
      video({
        codec: 'h264',
        segments: [
          { startMs: 400, durationMs: 2000 },
          { startMs: 4000, durationMs: 2000 },
        ],
      }),
      { kind: 'audio', dtx: true, impair: { loss: 0.03 }, segments: [{ startMs: 200, durationMs: 6000 }] },
    );
    for (const container of ['mkv', 'mp4'] as const) {
      const { report } = await run(
        call,
        { outputs: ['audio', 'video', 'muxed', 'mix'], muxed: { container } },
        { verify: true },
      );
      expect(report.failures).toEqual([]);
      expect(report.files).toHaveLength(4);
      const framesOf = (kind: string) => report.files.find((file) => file.kind === kind)?.verified?.frames;
      expect(report.files.map(({ verified }) => verified?.decodes)).toEqual([true, true, true, true]);
      expect(framesOf('mix')).toBe(0);
      expect(framesOf('video')).toBe(100);
      expect(framesOf('muxed')).toBe((framesOf('video') ?? 0) + (framesOf('audio') ?? 0));
    }
  });

  test('verified, a gap too long to be filled has no samples to miss', async () => {
    const pieces = [0, 25 * 24 * 3_600_000].map((startMs) => ({ startMs, durationMs: 600 }));
    const call = await callOf({ kind: 'audio', segments: pieces });
    const { report } = await run(call, { outputs: ['audio'] }, { verify: true });
    expect(report.failures).toEqual([]);
    expect(only(report).gaps).toEqual([
      expect.objectContaining({ reason: 'between-segments', filledWith: 'nothing' }),
    ]);
  });

  test('verified, a segment that the archive lacks is no time that the file leaves open', async () => {
    const pieces = [0, 1000, 2000].map((startMs) => ({ startMs, durationMs: 600 }));
    const call = await callOf({ kind: 'audio', segments: pieces });
    for (const missing of ['audio_1', 'audio_2', 'audio_3']) {
      const files = new Map([...call.files].filter(([name]) => !name.endsWith(`${missing}.rtpdump`)));
      const writeArchive = (path: string) => writeFile(path, packFiles(files, 'zip'));
      const { report } = await run(
        { ...call, files, writeArchive },
        { outputs: ['audio'] },
        { verify: true },
      );
      expect(report.failures).toEqual([]);
      expect(only(report).gaps.map(({ reason }) => reason)).toContain('segment-missing');
    }
  });

  test('verified, what was recorded encrypted is kept and named, and a run that goes on knows it', async () => {
    const call = await callOf(video({ codec: 'vp9' }), {
      kind: 'audio',
      segments: [{ startMs: 200, durationMs: 3000 }],
    });
    const request = { outputs: ['audio', 'video', 'muxed'], muxed: { container: 'mp4' } } as const;
    const options = { verify: true, resume: 'keep' } as const;
    const { report, output } = await run(withVideoEncrypted(call, 60), request, options);
    expect(report.failures).toEqual([]);
    expect(report.files.map(({ kind, verified }) => [kind, verified?.decodes])).toEqual([
      ['audio', true],
      ['video', false],
      ['muxed', false],
    ]);
    const [track] = call.truth.tracks;
    expect(report.problems).toEqual([
      expect.objectContaining({ code: 'TRACK_UNDECODABLE', severity: 'damage', trackId: track?.trackId }),
    ]);
    const again = await run(withVideoEncrypted(call, 60), request, { ...options, output });
    expect(again.report.alreadyMade).toHaveLength(3);
    expect(again.report.problems).toEqual(report.problems);
    expect(again.report.files).toEqual(report.files);
  });

  test('VP8 that was recorded encrypted is named without verifying, too, once for all of its files', async () => {
    const call = await callOf(video(), { kind: 'audio', segments: [{ startMs: 200, durationMs: 3000 }] });
    // All but the descriptor of 4 bytes and the uncompressed header of key frames (RFC 6386 §9.1), which is what applications leave clear.
    const { report } = await run(withVideoEncrypted(call, 4 + 10), { outputs: ['audio', 'video', 'muxed'] });
    expect(report.failures).toEqual([]);
    expect(report.files.map(({ kind }) => kind)).toEqual(['audio', 'video', 'muxed']);
    const [track] = call.truth.tracks;
    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'TRACK_UNDECODABLE',
        severity: 'damage',
        trackId: track?.trackId,
        message: expect.stringMatching(/^\d+ of \d+ frames cannot be decoded/),
      }),
    ]);
    const sound = await run(call, { outputs: ['audio', 'video', 'muxed'] });
    expect(sound.report.problems).toEqual([]);
  });

  test('an abort leaves nothing unfinished behind', async () => {
    const call = await callOf(video(), video({ screenshare: true }));
    for (const workers of [1, 2]) {
      const output = newFolder();
      const controller = new AbortController();
      const aborted = run(
        call,
        { outputs: ['video'] },
        {
          output,
          workers,
          signal: controller.signal,
          onProgress: () => controller.abort(new Error('enough')),
        },
      );
      await expect(aborted).rejects.toThrow();
      const left = await readdir(output).catch(() => []);
      expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });

  test('an output that cannot be put in its place fails by name, and others are made', async () => {
    const call = await callOf(video(), { kind: 'audio', segments: [{ startMs: 200, durationMs: 1000 }] });
    const first = await run(call, { outputs: ['audio', 'video'] });
    const [blocked] = first.report.files;
    const output = newFolder();
    await rm(output, { recursive: true, force: true });
    await mkdir(join(output, blocked?.path ?? '', 'in the way'), { recursive: true });
    await writeFile(join(output, blocked?.path ?? '', 'in the way', 'file'), '');
    const { report } = await run(call, { outputs: ['audio', 'video'] }, { output });
    expect(report.failures).toEqual([
      expect.objectContaining({ path: blocked?.path, code: 'ERR_TRACK_FAILED' }),
    ]);
    expect(report.files).toHaveLength(1);
  });

  test('no time in any metadata · the dumps’ own headers place everything', async () => {
    const call = await generateCall({
      seed: 5,
      users: [
        {
          id: 'alice',
          sessions: [
            {
              tracks: [{ kind: 'audio', segments: [{ startMs: 200, durationMs: 1000 }] }],
              editMetadata: (metadata) => {
                const text = JSON.stringify(metadata, (key, value) =>
                  /unix|call_start/.test(key) ? undefined : value,
                );
                return JSON.parse(text);
              },
            },
          ],
        },
      ],
    });
    const { report } = await run(call, { outputs: ['audio'] });
    const startsAt = Date.parse(only(report).startsAt);
    expect(Math.abs(startsAt - (call.truth.startUnixMs + 200))).toBeLessThan(150);
  });
});
