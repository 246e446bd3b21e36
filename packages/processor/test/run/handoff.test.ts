import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { openRecording } from '@rawreel/archive';
import { type GeneratedCall, generateCall } from '@rawreel/fixtures';
import {
  findBeeps,
  levelDb,
  listenAudio,
  measureLoudness,
  opusLookAheadMs,
  probeFile,
  probePackets,
  watchVideo,
} from '@rawreel/fixtures/judge';
// The built package: its worker threads load built files.
import { type PlanRequest, planRecording, type Report, readManifest, runPlan } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type JudgedFcpxml,
  type JudgedPremiere,
  type JudgedProject,
  type JudgedTimeline,
  type JudgedWave,
  readByOthers,
} from '../handoff/timeline-judge.ts';
import { measure } from '../mix/support/measure.ts';

const execute = promisify(execFile);

let folder: string;
let call: GeneratedCall;
let archive: string;
let count = 0;

// What is heard later than it was said is for no test here.
const network = { delayMs: 0, jitterMs: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-handoff-'));
  archive = join(folder, 'call.zip');
  call = await generateCall({
    seed: 11,
    callId: 'standup',
    users: [
      {
        id: 'alice',
        sessions: [
          {
            tracks: [
              { kind: 'audio', network, hz: 500, segments: [{ startMs: 0, durationMs: 9020 }] },
              {
                kind: 'video',
                codec: 'vp8',
                network,
                width: 320,
                height: 180,
                fps: 15,
                segments: [
                  { startMs: 300, durationMs: 3000 },
                  { startMs: 6000, durationMs: 2500 },
                ],
              },
            ],
          },
        ],
      },
      {
        id: 'bob',
        sessions: [
          // He leaves before the others.
          { tracks: [{ kind: 'audio', network, hz: 900, segments: [{ startMs: 2500, durationMs: 4500 }] }] },
        ],
      },
    ],
  });
  await call.writeArchive(archive);
});
afterAll(() => rm(folder, { recursive: true }));

async function made(
  request: PlanRequest,
  path = archive,
): Promise<{ readonly report: Report; readonly output: string }> {
  const output = join(folder, `${++count}`);
  await using recording = await openRecording(path);
  const plan = planRecording(recording, request);
  return { report: await runPlan(plan, { output, madeBy: 'test 1', verify: true }), output };
}

/** From the call clock to a file's. */
const shiftOf = ({ offsetMs }: { readonly offsetMs: number }) =>
  call.truth.startUnixMs - (call.truth.zeroUnixMs + offsetMs);

describe.each([
  { codec: 'h264', fps: 25, pictures: 'h264', sound: 'aac', extension: 'mp4' },
  { codec: 'prores', fps: 30, pictures: 'prores', sound: 'pcm_s16le', extension: 'mov' },
] as const)('for an editor, $codec at $fps', ({ codec, fps, pictures, sound, extension }) => {
  let report: Report;
  let output: string;
  beforeAll(async () => {
    const size = { width: 640, height: 360 };
    ({ report, output } = await made({
      outputs: ['editor'],
      editor: { codec, fps, size, names: { alice: { name: 'Алиса' } } },
    }));
  });

  const timelinesIn = async () => {
    const paths = ['.otio', '.xml', '.fcpxml', '.rpp'].map(pathOf);
    return (await readByOthers(...paths)) as [JudgedTimeline, JudgedPremiere, JudgedFcpxml, JudgedProject];
  };
  const pathOf = (end: string) =>
    join(output, report.files.find(({ path }) => path.endsWith(end))?.path ?? '');

  test('all that a timeline names is there, and in the manifest', async () => {
    expect(report).toMatchObject({ failures: [], problems: [], damaged: false });
    const kinds = Object.fromEntries(
      [...Map.groupBy(report.files, ({ kind }) => kind)].map(([kind, files]) => [kind, files.length]),
    );
    expect(kinds).toEqual({ proxy: 1, stem: 2, timeline: 6 });
    expect((await readManifest(output)).map(({ path }) => path).sort()).toEqual(
      report.files.map(({ path }) => path).sort(),
    );
    expect((await readdir(output)).length).toBe(report.files.length + 1);
    const [timeline, premiere, fcpxml, reaper] = await timelinesIn();
    const media = report.files.filter(({ kind }) => kind !== 'timeline').map(({ path }) => path);
    const named = [
      timeline.tracks.flatMap(({ clips }) => clips.map(({ url }) => decodeURIComponent(url ?? ''))),
      premiere.files.map(([, url]) => decodeURIComponent(url ?? '')),
      fcpxml.assets.map(({ src = '' }) => decodeURIComponent(src)),
      reaper.tracks.flatMap(({ items }) => items.map(([, , , file]) => file)),
    ];
    for (const files of named) expect([...new Set(files)]).toEqual(media);
    const stems = report.files.filter(({ kind }) => kind === 'stem').map(({ path }) => path);
    const lof = await readFile(pathOf('.lof'), 'utf8');
    expect([...lof.matchAll(/^file "(.*)" offset 0$/gm)].map(([, file]) => file)).toEqual(stems);
    expect(timeline.tracks.map(({ kind, name }) => [kind, name])).toEqual([
      ['Video', 'Алиса'],
      ['Audio', 'Алиса'],
      ['Audio', 'bob'],
    ]);
    const { startsAt = '', offsetMs = 0 } = report.files.find(({ kind }) => kind === 'stem') ?? {};
    expect(timeline.metadata['startsAt']).toBe(startsAt);
    expect(Date.parse(startsAt)).toBeCloseTo(call.truth.zeroUnixMs + offsetMs, -1);
    for (const [name, , pictures, , channels] of premiere.files) {
      const { durationMs, streams } = await probeFile(join(output, name ?? ''));
      expect(durationMs).toBeGreaterThan((Number(pictures) * 1000) / fps - 1);
      expect(streams.find(({ kind }) => kind === 'audio')?.channels).toBe(Number(channels));
    }
  });

  test('a proxy has every picture of its rate, each within half a picture of its time; black while the camera is off', async () => {
    const proxy = report.files.find(({ kind }) => kind === 'proxy');
    if (proxy?.kind !== 'proxy') throw new Error('no proxy');
    const path = join(output, proxy.path);
    expect(proxy.path.endsWith(`.${extension}`)).toBe(true);
    const { streams } = await probeFile(path);
    expect(streams.slice(0, 2)).toMatchObject([
      { codec: pictures, width: 640, height: 360 },
      { codec: sound, sampleRate: 48_000 },
    ]);
    const packets = await probePackets(path, 'v:0');
    expect(packets.length).toBe(proxy.pictures);
    expect(
      Math.max(...packets.map(({ ptsMs }, index) => Math.abs(ptsMs - (index * 1000) / fps))),
    ).toBeLessThan(1);
    const { frames } = await watchVideo(path);
    const shiftMs = shiftOf(proxy);
    // Of 15 a second, the last stands until the call's 8500 ms.
    expect(Math.abs((packets.length * 1000) / fps - 8500 - shiftMs)).toBeLessThan(1000 / 15);
    const on = (atMs: number) => proxy.on.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
    const inside = frames.filter(({ ptsMs }) => on(ptsMs - 50) && on(ptsMs + 50));
    expect(inside.length).toBeGreaterThan(5 * fps);
    // Its camera has 15 a second: a picture stands until the next.
    const late = inside.filter(
      ({ ptsMs, timecode }) =>
        timecode === undefined ||
        Math.abs(timecode.timeMs + shiftMs - ptsMs) > 1000 / 15 / 2 + 1000 / fps / 2 + 34,
    );
    expect(late).toEqual([]);
    const off = frames.filter(({ ptsMs }) => !on(ptsMs - 50) && !on(ptsMs + 50));
    expect(off.length).toBeGreaterThan(2 * fps);
    expect(off.filter(({ black }) => !black)).toEqual([]);
  });

  test('its sound is in it where it was said', async () => {
    const proxy = report.files.find(({ kind }) => kind === 'proxy');
    if (proxy?.kind !== 'proxy') throw new Error('no proxy');
    const audio = await listenAudio(join(output, proxy.path));
    const beeps = findBeeps(audio, 500).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
    for (const atMs of [1000, 2000, 7000])
      expect(Math.min(...beeps.map((beep) => Math.abs(beep - atMs - shiftOf(proxy))))).toBeLessThan(5);
    expect(findBeeps(audio, 900)).toEqual([]);
  });

  test('stems are Broadcast Wave from the call’s zero to its end, named in the file', async () => {
    const stems = report.files.filter((file) => file.kind === 'stem');
    const [timeline] = await timelinesIn();
    const used = timeline.tracks.filter(({ kind }) => kind === 'Audio').map(({ clips }) => clips.at(-1)?.to);
    for (const [index, stem] of stems.entries()) {
      const { durationMs } = await probeFile(join(output, stem.path));
      expect(durationMs).toBeGreaterThanOrEqual(9020);
      expect(durationMs).toBeCloseTo(((used[index] ?? 0) * 1000) / fps, 1);
    }
    const read = (await readByOthers(...stems.map(({ path }) => join(output, path)))) as JudgedWave[];
    expect(read).toMatchObject([
      { channels: ['Алиса'], timeReference: 0, timestamp: 0 },
      { channels: ['bob'], timeReference: 0, timestamp: 0 },
    ]);
    for (const [index, stem] of stems.entries()) {
      const path = join(output, stem.path);
      expect(read[index]?.date).toBe(stem.startsAt.replace('T', '').slice(0, 18));
      const { tags, streams } = await probeFile(path);
      expect(tags['comment']).toBe(index === 0 ? '????? - default:standup' : 'bob - default:standup');
      expect(tags['time_reference']).toBe('0');
      expect(streams).toMatchObject([{ codec: 'pcm_s16le', sampleRate: 48_000, channels: 1 }]);
      // Whose it is by its name, by what it says within, and by what is heard.
      const [userId, own, other] = index === 0 ? ['alice', 500, 900] : ['bob', 900, 500];
      expect([stem.userId, stem.path.split('_').includes(userId)]).toEqual([userId, true]);
      const audio = await listenAudio(path);
      const beeps = findBeeps(audio, own);
      expect(findBeeps(audio, other)).toEqual([]);
      const nearest = beeps.map(({ onsetMs }) => Math.abs(onsetMs - opusLookAheadMs - 4000 - shiftOf(stem)));
      expect(Math.min(...nearest)).toBeLessThan(2);
    }
  });
});

/** As ffprobe finds them, in seconds. */
async function chaptersIn(path: string): Promise<{ startTime: number; title: string | undefined }[]> {
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-of', 'json', '-show_chapters', path]);
  const { chapters } = JSON.parse(stdout) as { chapters: { start_time: string; tags: { title?: string } }[] };
  return chapters.map(({ start_time, tags }) => ({ startTime: Number(start_time), title: tags.title }));
}

test('for a podcast · stems, a mix at −16 LUFS with chapters, chapters as JSON and words', async () => {
  const speaking = (...speech: readonly { fromMs: number; toMs: number }[]) => ({
    sessions: speech.map((stretch) => {
      const segments = [{ startMs: stretch.fromMs, durationMs: 20_000 - stretch.fromMs }];
      return { tracks: [{ kind: 'audio' as const, network, speech, segments }] };
    }),
  });
  const talk = await generateCall({
    seed: 2,
    callId: 'episode',
    users: [
      { id: 'alice', ...speaking({ fromMs: 0, toMs: 9000 }) },
      { id: 'bob', ...speaking({ fromMs: 8000, toMs: 19_000 }) },
    ],
  });
  const path = join(folder, 'talk.zip');
  await talk.writeArchive(path);
  const { report, output } = await made({ outputs: ['podcast'] }, path);
  expect(report).toMatchObject({ failures: [], problems: [] });
  expect(report.files.map(({ kind, path: name }) => [kind, name.slice(name.lastIndexOf('.'))])).toEqual([
    ['stem', '.flac'],
    ['stem', '.flac'],
    ['mix', '.mp3'],
    ['timeline', '.json'],
    ['timeline', '.txt'],
  ]);
  const [alice = '', bob = '', mix = '', chapters = '', notes = ''] = report.files.map((file) =>
    join(output, file.path),
  );
  const { loudnessLufs, truePeakDb } = await measureLoudness(mix);
  // What platforms allow; the peaks of this speech are high, and a limiter takes them down.
  expect(Math.abs(loudnessLufs + 16)).toBeLessThanOrEqual(1);
  expect(truePeakDb).toBeLessThanOrEqual(-1);
  for (const [stem, userId, isHeard] of [
    [alice, 'alice', [true, false]],
    [bob, 'bob', [false, true]],
  ] as const) {
    expect(basename(stem).split('_')).toContain(userId);
    expect((await probeFile(stem)).streams).toMatchObject([{ codec: 'flac', sampleRate: 48_000 }]);
    const audio = await listenAudio(stem);
    const levels = [levelDb(audio, 2000, 6000), levelDb(audio, 12_000, 17_000)];
    expect(levels.map((level) => level > -40)).toEqual(isHeard);
  }
  const happened = ['alice joins', 'bob joins'];
  const listed = JSON.parse(await readFile(chapters, 'utf8')).chapters;
  expect(listed.map(({ title }: { title: string }) => title)).toEqual(happened);
  expect(Math.abs(listed[1].startTime - 8)).toBeLessThan(0.05);
  expect(await chaptersIn(mix)).toEqual(
    listed.map(({ startTime, title }: { startTime: number; title: string }) => ({ startTime, title })),
  );
  expect(await readFile(notes, 'utf8')).toMatch(/^default:episode\nRecorded .* · 0:20\n\nWith bob, alice\n/);
});

test('for a podcast, as M4A with stems as WAV · the same, and where nothing is limited −16 LUFS it is', async () => {
  const steady = (startMs: number) => {
    const segments = [{ startMs, durationMs: 12_000 - startMs }];
    return {
      sessions: [{ tracks: [{ kind: 'audio' as const, network, speech: [], background: 0.05, segments }] }],
    };
  };
  const hum = await generateCall({
    seed: 3,
    callId: 'hum',
    users: [
      { id: 'alice', ...steady(0) },
      { id: 'bob', ...steady(6000) },
    ],
  });
  const path = join(folder, 'hum.zip');
  await hum.writeArchive(path);
  const podcast = { stems: 'wav', format: 'm4a' } as const;
  const { report, output } = await made({ outputs: ['podcast'], podcast }, path);
  expect(report.failures).toEqual([]);
  const [stem = '', , mix = ''] = report.files.map((file) => join(output, file.path));
  expect((await probeFile(stem)).streams).toMatchObject([{ codec: 'pcm_s16le', sampleRate: 48_000 }]);
  expect((await probeFile(mix)).streams[0]).toMatchObject({ codec: 'aac', sampleRate: 48_000 });
  expect((await chaptersIn(mix)).map(({ title }) => title)).toEqual(['alice joins', 'bob joins']);
  expect(Math.abs((await measureLoudness(mix)).loudnessLufs + 16)).toBeLessThanOrEqual(0.2);
});

test('a stem in stereo · left and right are said, and are where they were', async () => {
  const segments = [{ startMs: 0, durationMs: 2000 }];
  const tracks = [{ kind: 'audio', network, channels: 2, hz: 500, segments }] as const;
  const path = join(folder, 'stereo.zip');
  await (await generateCall({ users: [{ id: 'carol', sessions: [{ tracks }] }] })).writeArchive(path);
  const { report, output } = await made({ outputs: ['editor'] }, path);
  const stem = report.files.find(({ kind }) => kind === 'stem');
  const [wave] = (await readByOthers(join(output, stem?.path ?? ''))) as JudgedWave[];
  expect(wave?.channels).toEqual(['carol L', 'carol R']);
  const [left = 0, right = 0] = await Promise.all(
    [0, 1].map(async (channel) => (await measure(join(output, stem?.path ?? ''), { channel })).truePeakDb),
  );
  // The generator's right channels are at half the level.
  expect(left - right).toBeCloseTo(6, 0);
});

test('a mix with a channel for each · the file and the manifest say whose it is', async () => {
  const { report, output } = await made({ outputs: ['mix'], mix: { format: 'wav', layout: 'per-user' } });
  const [mix] = report.files;
  if (mix?.kind !== 'mix') throw new Error('no mix');
  expect(mix.users).toEqual(['alice', 'bob']);
  const [wave] = (await readByOthers(join(output, mix.path))) as JudgedWave[];
  expect(wave).toEqual({ channels: ['alice', 'bob'] });
});

test('a mix with a gate · the manifest says so, and how much of each track was left out', async () => {
  const { output } = await made({ outputs: ['mix'], mix: { format: 'wav', gateDbov: -50 } });
  const [mix] = await readManifest(output);
  if (mix?.kind !== 'mix') throw new Error('no mix');
  expect(mix.path).toContain('_gate-50dBov');
  expect(mix.gateDbov).toBe(-50);
  const shares = mix.tracks.map(({ gatedShare = -1 }) => gatedShare);
  expect(shares).toHaveLength(2);
  for (const share of shares) expect(share).toBeGreaterThan(0.5);
});

test('a muxed file · its tracks say whose they are, and in which language', async () => {
  const { report, output } = await made({ outputs: ['muxed'], muxed: { language: 'pt-BR' } });
  const [muxed] = report.files;
  const { streams } = await probeFile(join(output, muxed?.path ?? ''));
  expect(streams.map(({ kind, tags }) => [kind, tags['title'], tags['language']])).toEqual([
    ['video', 'alice · camera', undefined],
    ['audio', 'alice · microphone', 'por'],
  ]);
});

test('an abort in the middle of a proxy leaves what is finished, and nothing else', async () => {
  const output = join(folder, 'aborted');
  const controller = new AbortController();
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, {
    outputs: ['editor'],
    editor: { codec: 'h264', fps: 25, size: { width: 640, height: 360 } },
  });
  const making = runPlan(plan, {
    output,
    madeBy: 'test 1',
    signal: controller.signal,
    onProgress: (event) => {
      if (event.type === 'output-progress' && event.file.startsWith('proxy'))
        controller.abort(new Error('enough'));
    },
  });
  await expect(making).rejects.toThrow('enough');
  const left = (await readdir(output)).map((name) => name.split('_')[0]);
  // Stems come first.
  expect(left.sort()).toEqual(['manifest.json', 'stem', 'stem']);
});
