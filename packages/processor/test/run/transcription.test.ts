import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRecording } from '@rawreel/archive';
import { type AudioTrackSpec, type GeneratedCall, generateCall, type UserSpec } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, probePackets } from '@rawreel/fixtures/judge';
// The built package: its worker threads load built files.
import {
  type PlannedTrack,
  type PlanRequest,
  planRecording,
  type Report,
  type ReportedTurns,
  type ReportedVoice,
  type RunOptions,
  readManifest,
  runPlan,
} from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpeechDocument } from '../../src/speech/json.ts';
import type { Turn } from '../../src/speech/turn-builder.ts';
import { BOUNDARY_MS, compareTurns } from '../speech/truth.ts';
import { soundStretches } from './sound-stretches.ts';

const execute = promisify(execFile);

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-transcription-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newFolder = () => join(folder, `${++count}`);

const microphone = (
  startMs: number,
  durationMs: number,
  more: Partial<AudioTrackSpec> = {},
): AudioTrackSpec => ({
  kind: 'audio',
  // What is heard later than it was said is for no test here.
  network: { delayMs: 0, jitterMs: 0 },
  segments: [{ startMs, durationMs }],
  ...more,
});

/** Alice comes back in a second session; bob comes later, and his packets tell no levels. */
const twoSpeakers: readonly UserSpec[] = [
  {
    id: 'alice',
    sessions: [
      {
        tracks: [
          microphone(300, 9000, {
            speech: [
              { fromMs: 1500, toMs: 4200 },
              { fromMs: 6000, toMs: 7500 },
            ],
          }),
        ],
      },
      { tracks: [microphone(12_000, 8000, { speech: [{ fromMs: 14_000, toMs: 17_000 }] })] },
    ],
  },
  {
    id: 'bob',
    sessions: [
      {
        tracks: [
          microphone(2500, 14_000, {
            rtp: { extensions: 'none' },
            speech: [
              { fromMs: 4000, toMs: 6500 },
              { fromMs: 9000, toMs: 13_000 },
            ],
          }),
        ],
      },
    ],
  },
];

interface Kit {
  readonly report: Report;
  readonly output: string;
  readonly voices: readonly ReportedVoice[];
  readonly turns: readonly ReportedTurns[];
}

async function kitOf(
  call: GeneratedCall,
  request: Partial<PlanRequest> = {},
  options: Partial<RunOptions> = {},
  edit: (track: PlannedTrack) => PlannedTrack = (track) => track,
): Promise<Kit> {
  const output = options.output ?? newFolder();
  const path = join(folder, `${++count}.zip`);
  await call.writeArchive(path);
  await using recording = await openRecording(path);
  const planned = planRecording(recording, { outputs: ['transcription'], ...request });
  const plan = { ...planned, tracks: planned.tracks.map(edit) };
  const report = await runPlan(plan, { madeBy: 'test', ...options, output });
  return {
    report,
    output,
    voices: report.files.filter((file) => file.kind === 'voice'),
    turns: report.files.filter((file) => file.kind === 'turns'),
  };
}

/** From the call clock to the files' own. */
const shiftOf = ({ truth }: GeneratedCall, { offsetMs }: { readonly offsetMs: number }): number =>
  truth.startUnixMs - (truth.zeroUnixMs + offsetMs);

const truthOf = (call: GeneratedCall, userId: string, shiftMs: number): Turn[] =>
  call.truth.tracks
    .filter((track) => track.userId === userId)
    .flatMap(({ speech }) => speech)
    .map(({ fromMs, toMs }) => ({ startMs: fromMs + shiftMs, endMs: toMs + shiftMs }));

const textOf = async ({ output, turns }: Kit, format: ReportedTurns['format']): Promise<string> =>
  await readFile(join(output, turns.find((file) => file.format === format)?.path ?? ''), 'utf8');

const documentOf = async (kit: Kit): Promise<SpeechDocument> => JSON.parse(await textOf(kit, 'json'));

describe('two people, one of them in two sessions', () => {
  let call: GeneratedCall;
  let kit: Kit;
  beforeAll(async () => {
    call = await generateCall({ seed: 3, callId: 'standup', users: twoSpeakers });
    kit = await kitOf(call);
  });

  test('a voice for each, turns in three forms, the manifest, and nothing else', async () => {
    const { report, output, voices, turns } = kit;
    expect(report).toMatchObject({ failures: [], problems: [] });
    const at = call.truth.startUnixMs;
    expect(voices.map(({ path, userId, tracks }) => [path, userId, tracks.length])).toEqual([
      [`voice_default_standup_alice_${at}.flac`, 'alice', 2],
      [`voice_default_standup_bob_${at}.flac`, 'bob', 1],
    ]);
    expect(turns.map(({ path }) => path)).toEqual(
      ['json', 'rttm', 'vtt'].map((extension) => `turns_default_standup_${at}.${extension}`),
    );
    for (const each of turns) expect(each).toMatchObject({ speakers: 2, turns: 5 });
    expect(new Set(report.files.map(({ startsAt, offsetMs }) => `${startsAt} ${offsetMs}`)).size).toBe(1);
    const paths = report.files.map(({ path }) => path).sort();
    expect((await readdir(output)).sort()).toEqual(['manifest.json', ...paths]);
    expect((await readManifest(output)).map(({ path }) => path).sort()).toEqual(paths);
  });

  test('voices are 16 kHz mono FLAC of 16 bits, each to its own end to the sample', async () => {
    for (const { path, durationMs, userId } of kit.voices) {
      const { stdout } = await execute('ffprobe', [
        ...['-v', 'error', '-of', 'json', '-show_entries'],
        ...['stream=codec_name,sample_rate,channels,sample_fmt,duration_ts'],
        join(kit.output, path),
      ]);
      const [stream] = JSON.parse(stdout).streams;
      expect(stream).toMatchObject({
        codec_name: 'flac',
        sample_rate: '16000',
        channels: 1,
        sample_fmt: 's16',
      });
      expect(Math.abs(stream.duration_ts - durationMs * 16)).toBeLessThanOrEqual(1.6);
      const { samples } = await listenAudio(join(kit.output, path));
      expect(samples).toBe(stream.duration_ts);
      const end = Math.max(
        ...call.truth.tracks.filter((track) => track.userId === userId).map((track) => track.endMs),
      );
      expect(Math.abs(durationMs - end - shiftOf(call, kit.voices[0] ?? { offsetMs: 0 }))).toBeLessThan(2);
    }
  });

  test('speech stands in every voice where it was spoken, on the one clock', async () => {
    for (const voice of kit.voices) {
      const heard = await listenAudio(join(kit.output, voice.path));
      const truth = truthOf(call, voice.userId, shiftOf(call, voice));
      const { covered, wrong, worstBoundaryMs } = compareTurns(soundStretches(heard), truth);
      expect(covered).toBeGreaterThan(0.97);
      expect(wrong).toBeLessThan(0.03);
      expect(worstBoundaryMs).toBeLessThan(60);
    }
  });

  test('the turns are those of the truth, and both tracks of a user make one participant', async () => {
    const { call: about, startsAt, participants } = await documentOf(kit);
    expect(about).toMatchObject({ type: 'default', id: 'standup' });
    expect(startsAt).toBe(kit.voices[0]?.startsAt);
    expect(
      participants.map(({ userId, file, tracks }) => [userId, file, tracks.map(({ evidence }) => evidence)]),
    ).toEqual([
      ['alice', kit.voices[0]?.path, ['level', 'level']],
      ['bob', kit.voices[1]?.path, ['vad']],
    ]);
    for (const { userId, turns } of participants) {
      const truth = truthOf(call, userId, shiftOf(call, kit.turns[0] ?? { offsetMs: 0 }));
      expect(turns).toHaveLength(truth.length);
      expect(compareTurns(turns, truth).worstBoundaryMs).toBeLessThanOrEqual(BOUNDARY_MS);
    }
  });

  test('RTTM and WebVTT tell the same turns as the JSON', async () => {
    const { participants } = await documentOf(kit);
    const spoken = participants
      .flatMap(({ userId, turns }) => turns.map((turn) => ({ userId, ...turn })))
      .sort((a, b) => a.startMs - b.startMs);
    const rttm = (await textOf(kit, 'rttm')).trimEnd().split('\n');
    const fromRttm = rttm.map((line) => {
      const [type, file, , onset, duration, , , userId] = line.split(' ');
      expect([type, file]).toEqual(['SPEAKER', 'default:standup']);
      return { userId, startMs: Number(onset) * 1000, endMs: (Number(onset) + Number(duration)) * 1000 };
    });
    const vtt = (await textOf(kit, 'vtt')).matchAll(/^(\S+) --> (\S+)\n<v ([^>]+)>/gm);
    const msOf = (text = '') => Date.parse(`1970-01-01T${text}Z`);
    const fromVtt = [...vtt].map(([, from, to, userId]) => ({
      userId,
      startMs: msOf(from),
      endMs: msOf(to),
    }));
    for (const told of [fromRttm, fromVtt]) {
      expect(told.map(({ userId }) => userId)).toEqual(spoken.map(({ userId }) => userId));
      for (const [index, { startMs, endMs }] of told.entries()) {
        expect(Math.abs(startMs - (spoken[index]?.startMs ?? Number.NaN))).toBeLessThanOrEqual(0.6);
        expect(Math.abs(endMs - (spoken[index]?.endMs ?? Number.NaN))).toBeLessThanOrEqual(1.1);
      }
    }
  });

  test('ffmpeg reads the cues', async () => {
    const { participants } = await documentOf(kit);
    const starts = participants.flatMap(({ turns }) => turns.map(({ startMs }) => Math.round(startMs)));
    const packets = await probePackets(
      join(kit.output, kit.turns.find(({ format }) => format === 'vtt')?.path ?? ''),
      's:0',
    );
    expect(packets.map(({ ptsMs }) => ptsMs)).toEqual(starts.sort((a, b) => a - b));
  });

  test('tracks are judged once for all forms of the turns', async () => {
    const judged = new Set<string>();
    const { turns } = await kitOf(
      call,
      {},
      {
        onProgress: (event) => {
          if (event.type === 'output-progress') judged.add(event.file);
        },
      },
    );
    expect(turns.filter(({ path }) => judged.has(path)).map(({ format }) => format)).toEqual(['json']);
  });

  test('a filter leaves one user, under the same name; turns of a part do not replace those of all', async () => {
    const { voices, turns } = await kitOf(call, { userId: 'bob' });
    expect(voices.map(({ path }) => path)).toEqual([kit.voices[1]?.path]);
    const [, part] = /(_part-[0-9a-f]{8})\.json$/.exec(turns[0]?.path ?? '') ?? [];
    expect(turns.map(({ path, speakers }) => [path, speakers])).toEqual(
      kit.turns.map(({ path }) => [path.replace(/\.\w+$/, `${part}$&`), 1]),
    );
  });

  test.each([2, 3])(
    'with %i threads for all voices, which are made side by side · the same files',
    async (workers) => {
      const threaded = await kitOf(call, {}, { workers });
      expect(threaded.voices.map(({ sha256 }) => sha256)).toEqual(kit.voices.map(({ sha256 }) => sha256));
    },
  );

  test('resumed, what is whole is not made again', async () => {
    const first = await kitOf(call, {}, { resume: 'keep' });
    const [gone, ...kept] = first.report.files.map(({ path }) => path);
    await rm(join(first.output, gone ?? ''));
    const { report } = await kitOf(call, {}, { resume: 'keep', output: first.output });
    expect([...report.alreadyMade].sort()).toEqual(kept.sort());
    expect(report.files.map(({ sha256 }) => sha256)).toEqual(first.report.files.map(({ sha256 }) => sha256));
  });

  test('without ffmpeg every voice fails by name, and the turns are told', async () => {
    const events: string[] = [];
    const onProgress: RunOptions['onProgress'] = ({ type }) => events.push(type);
    const { report, turns } = await kitOf(call, {}, { ffmpegPath: join(folder, 'no-ffmpeg'), onProgress });
    // Before any work.
    expect(events.slice(0, 3)).toEqual(['output-failed', 'output-failed', 'scan-started']);
    expect(report.failures.map(({ kind, userId, code }) => [kind, userId, code])).toEqual(
      ['alice', 'bob'].map((userId) => ['voice', userId, 'ERR_NO_FFMPEG']),
    );
    for (const { hint } of report.failures) expect(hint).toMatch(/^Install ffmpeg, or extract the sound/);
    expect(turns).toHaveLength(3);
  });

  test('an abort leaves nothing unfinished behind', async () => {
    const output = newFolder();
    const controller = new AbortController();
    const aborted = kitOf(
      call,
      {},
      {
        output,
        signal: controller.signal,
        onProgress: ({ type }) => {
          if (type === 'output-started') controller.abort(new Error('enough'));
        },
      },
    );
    await expect(aborted).rejects.toThrow('enough');
    expect(await readdir(output).catch(() => [])).toEqual([]);
  });
});

test('beeps stand in the voices within 2 ms, whoever comes when', async () => {
  const call = await generateCall({
    seed: 8,
    users: [
      { id: 'alice', sessions: [{ tracks: [microphone(0, 6000)] }] },
      { id: 'bob', sessions: [{ tracks: [microphone(2345, 5000, { dtx: true })] }] },
    ],
  });
  const { voices, output, report } = await kitOf(call, {}, { verify: true });
  expect(report.failures).toEqual([]);
  for (const voice of voices) {
    const truth = call.truth.tracks.find(({ userId }) => userId === voice.userId);
    const heard = findBeeps(await listenAudio(join(output, voice.path)), truth?.hz ?? 0);
    const shiftMs = shiftOf(call, voice) + opusLookAheadMs;
    expect(truth?.beeps.length).toBeGreaterThan(3);
    for (const beep of truth?.beeps ?? []) {
      const nearest = Math.min(...heard.map(({ onsetMs }) => Math.abs(onsetMs - beep - shiftMs)));
      expect(nearest).toBeLessThan(2);
    }
  }
});

test('what is played in a shared screen is nobody’s voice', async () => {
  const call = await generateCall({
    seed: 8,
    users: [
      {
        id: 'alice',
        sessions: [{ tracks: [microphone(0, 1500), microphone(0, 3000, { screenshare: true })] }],
      },
      { id: 'bob', sessions: [{ tracks: [microphone(0, 3000, { screenshare: true })] }] },
    ],
  });
  const { voices, turns } = await kitOf(call);
  expect(voices.map(({ userId, tracks }) => [userId, tracks.length])).toEqual([['alice', 1]]);
  for (const { tracks } of turns) expect(tracks).toHaveLength(1);
  await expect(kitOf(call, { userId: 'bob' })).rejects.toMatchObject({ code: 'ERR_NOTHING_TO_EXTRACT' });
});

test('a track that cannot be read is missing from its user’s voice and from the turns, and told', async () => {
  const call = await generateCall({
    seed: 8,
    users: [
      { id: 'alice', sessions: [{ tracks: [microphone(0, 1000), microphone(0, 1000)] }] },
      { id: 'bob', sessions: [{ tracks: [microphone(0, 1000)] }] },
    ],
  });
  const lost = new Set([call.truth.tracks[1]?.trackId, call.truth.tracks[2]?.trackId]);
  const { report, voices, turns } = await kitOf(call, {}, {}, (track) => ({
    ...track,
    segments: track.segments.map(({ dump, ...segment }) => ({
      ...segment,
      ...(dump && { dump: lost.has(track.trackId) ? { ...dump, path: join(folder, 'gone.zip') } : dump }),
    })),
  }));
  expect(voices.map(({ userId, tracks }) => [userId, tracks.length])).toEqual([['alice', 1]]);
  for (const { tracks } of turns) expect(tracks).toHaveLength(1);
  expect(report.failures).toEqual([expect.objectContaining({ kind: 'voice', userId: 'bob' })]);
  const told = report.problems.map(({ code, userId, message }) => [code, userId, message.split(':')[0]]);
  expect(told.sort()).toEqual([
    ['TRACK_NOT_MIXED', 'alice', 'is not among the turns'],
    ['TRACK_NOT_MIXED', 'alice', 'is not in the voice'],
    ['TRACK_NOT_MIXED', 'bob', 'is not among the turns'],
  ]);
});
