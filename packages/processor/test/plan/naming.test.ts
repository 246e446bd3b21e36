import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileKey } from '../../src/plan/file-names.ts';
import type { CompositeRequest, MixRequest, PlanRequest } from '../../src/plan/plan.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { type SparseTrack, sparseCall } from '../support/sparse-call.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-naming-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SEGMENTS = [{ startMs: 0 }];
const CALL: SparseTrack[] = [
  { user: 'alice', kind: 'audio', segments: SEGMENTS },
  { user: 'alice', kind: 'video', segments: SEGMENTS },
  { user: 'bob', kind: 'audio', segments: SEGMENTS },
];

async function filesOf(request: Partial<PlanRequest>, tracks: readonly SparseTrack[] = CALL) {
  const path = join(folder, 'call.zip');
  await writeFile(path, sparseCall(tracks));
  await using recording = await openRecording(path);
  const plan = planRecording(recording, { outputs: ['audio', 'video', 'muxed', 'mix'], ...request });
  return plan.outputs.map(({ file }) => file);
}

const STAMP = Date.UTC(2026, 10, 20, 11);

describe('names by a template', () => {
  test('a preset · short words for all that is made', async () => {
    const outputs = ['audio', 'video', 'muxed', 'mix', 'transcription', 'composite'] as const;
    expect(await filesOf({ outputs, name: 'short' })).toEqual([
      'alice-audio.mkv',
      'alice-video.mkv',
      'bob-audio.mkv',
      'alice-av.mkv',
      'all-mix.mp3',
      'alice-voice.flac',
      'bob-voice.flac',
      'all-turns.json',
      'all-turns.rttm',
      'all-turns.vtt',
      'all-composite.mp4',
      'all-chapters.vtt',
      'all-scenes.json',
    ]);
  });

  test.each(['editor', 'podcast'] as const)(
    'for %s · what is made of some never takes the place of what is made of all',
    async (whom) => {
      const all = await filesOf({ outputs: [whom] });
      const alice = await filesOf({ outputs: [whom], userId: 'alice' });
      const bob = await filesOf({ outputs: [whom], userId: 'bob' });
      const every = [...all, ...alice, ...bob];
      expect(new Set(every.map(fileKey)).size).toBe(every.length);
      expect(alice[0]).toMatch(/_alice_.*_part-[0-9a-f]{8}\.(mp4|flac)$/);
      expect(await filesOf({ outputs: [whom], userId: ['alice', 'bob'] })).toEqual(all);
    },
  );

  test('every field', async () => {
    const name = '{date}_{time}_{start}.{recorded}.{type}.{call}.{user}.{session}.{track}.{media}';
    expect((await filesOf({ outputs: ['audio'], userId: 'bob', name }))[0]).toBe(
      `2026-11-20_110000_${STAMP}.20261120T110000Z.default.sparse.bob.of-bob.t0.audio.mkv`,
    );
  });

  test.each<[string, string, Partial<PlanRequest>]>([
    ['two microphones of one user', 'alice', { trackId: 't1' }],
    ['users that a file system takes for one', 'ALICE', { userId: 'ALICE' }],
  ])('%s · have names of their own, whichever is asked for', async (_, user, part) => {
    const tracks: SparseTrack[] = [...CALL.slice(0, 1), { user, kind: 'audio', segments: SEGMENTS }];
    const request = { outputs: ['audio'], name: 'short' } as const;
    const all = await filesOf(request, tracks);
    expect(new Set(all.map(fileKey)).size).toBe(2);
    const [own, ...others] = await filesOf({ ...request, ...part }, tracks);
    expect(others).toEqual([]);
    expect(all).toContain(own);
    expect(own).toMatch(/^alice-audio-t[01](~\w+)?\.mkv$/i);
  });

  test('an id that is no file name is made one, and no name begins like an option', async () => {
    const tracks: SparseTrack[] = ['a b', '-rf', '.hid'].map((user) => ({
      user,
      kind: 'audio',
      segments: SEGMENTS,
    }));
    expect((await filesOf({ outputs: ['audio'], name: 'short' }, tracks)).sort()).toEqual([
      '_-rf-audio.mkv',
      '_.hid-audio.mkv',
      'a%20b-audio.mkv',
    ]);
  });

  test('longer than a file system takes · cut, and told apart', async () => {
    const tracks: SparseTrack[] = ['1', '2'].map((end) => ({
      user: `${'x'.repeat(300)}${end}`,
      kind: 'audio',
      segments: SEGMENTS,
    }));
    const files = await filesOf({ outputs: ['audio'], name: 'short' }, tracks);
    expect(new Set(files).size).toBe(2);
    for (const file of files) expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
  });

  test.each([
    ['{user}', 'lacks {media}'],
    ['{who}-{media}', 'has a field {who}, which there is not'],
    ['out/{media}', 'has "/", which would begin a folder: --output names that'],
    ['{media} of {user}', 'has " ", which is not safe in a file name'],
    ['{user-{media}', 'has "{", which has no counterpart'],
    ['constructor', 'is no preset, and lacks {media}'],
  ])('%j is refused, with the fields that there are', async (name, why) => {
    await expect(filesOf({ name })).rejects.toMatchObject({
      code: 'ERR_NAME_TEMPLATE',
      message: expect.stringContaining(why),
      hint: expect.stringContaining('{user} {session} {track} {media}'),
    });
  });
});

describe('names of mixes', () => {
  const mixOf = async (mix: MixRequest, more: Partial<PlanRequest> = {}) =>
    (await filesOf({ outputs: ['mix'], mix, ...more }))[0] ?? '';

  test('of everybody, with nothing more said · the name that scripts expect', async () => {
    expect(await mixOf({})).toBe(`composite_default_sparse_audio_${STAMP}.mp3`);
    expect(await mixOf({ format: 'wav' })).toBe(`composite_default_sparse_audio_${STAMP}.wav`);
  });

  test('made in another way · says how', async () => {
    const mix = {
      layout: 'per-user',
      format: 'mkv',
      bitrateKbps: 64,
      loudnessLufs: -16,
      gateDbov: -50,
      screenshare: false,
    } as const;
    expect(await mixOf(mix)).toBe(
      `composite_default_sparse_audio_${STAMP}_per-user_64kbps_-16LUFS_gate-50dBov_no-screenshare.mkv`,
    );
  });

  test('a part behind the end of those who are in it · is none', async () => {
    const long = [...CALL, { user: 'carol', kind: 'audio', segments: [{ startMs: 8000 }] }] as const;
    const filesFor = (composite: CompositeRequest) => filesOf({ outputs: ['composite'], composite }, long);
    expect(await filesFor({ fromMs: 5000 })).toHaveLength(3);
    await expect(filesFor({ fromMs: 5000, without: ['carol'] })).rejects.toThrow('is over 0.16s after');
  });

  test('no two that differ have one name, by template neither', async () => {
    const parts = [{}, { userId: 'alice' }, { userId: 'bob' }, { userId: ['alice', 'bob'] }];
    const mixes: MixRequest[] = [
      ...[{}, { layout: 'mono' as const }, { loudnessLufs: -16 }, { bitrateKbps: 64 }],
      ...[{ gateDbov: -50 }, { gateDbov: -40 }],
    ];
    for (const name of [undefined, 'short']) {
      const names = new Set<string>();
      for (const mix of mixes) for (const part of parts) names.add(await mixOf(mix, { ...part, name }));
      for (const toMs of [5000, 5040, 5041]) names.add(await mixOf({}, { toMs, name }));
      // Both microphones are all there is.
      expect(names.size).toBe(mixes.length * (parts.length - 1) + 3);
    }
  });
});

describe('a composite', () => {
  const filmOf = (composite: CompositeRequest, more: Partial<PlanRequest> = {}) =>
    filesOf({ outputs: ['composite'], composite, ...more });

  test('the usual one of everybody · and what lies beside it have no suffix, however it is asked for', async () => {
    const usual = [
      `composite_default_sparse_audio_video_${STAMP}.mp4`,
      `chapters_default_sparse_${STAMP}.vtt`,
      `scenes_default_sparse_${STAMP}.json`,
    ];
    expect(await filmOf({})).toEqual(usual);
    const said = { layout: 'auto', size: { width: 1280, height: 720 }, users: ['bob', 'alice'] } as const;
    expect(await filmOf(said)).toEqual(usual);
    expect((await filmOf({ format: 'webm' }))[0]).toBe(`composite_default_sparse_audio_video_${STAMP}.webm`);
  });

  test('another · says its layout, its size and its part, and has a hash of all else', async () => {
    const size = { width: 1920, height: 1080 };
    expect(await filmOf({ layout: 'spotlight', size, fromMs: 100, toMs: 900_000 })).toEqual([
      `composite_default_sparse_audio_video_${STAMP}_spotlight_1920x1080_0.1s-15m00s.mp4`,
      `chapters_default_sparse_${STAMP}_spotlight_1920x1080_0.1s-15m00s.vtt`,
      `scenes_default_sparse_${STAMP}_spotlight_1920x1080_0.1s-15m00s.json`,
    ]);
    expect((await filmOf({ title: 'Weekly' }))[0]).toMatch(/_\d+_look-[0-9a-f]{8}\.mp4$/);
  });

  test('no two that differ have one name, by template neither', async () => {
    const captions = { cues: [{ startMs: 0, endMs: 1, text: 'Hi' }] };
    const requests: CompositeRequest[] = [
      ...[
        {},
        { layout: 'grid' as const },
        { size: { width: 720, height: 1280 } },
        { fromMs: 100 },
        { fromMs: 140 },
        { toMs: 5000 },
      ],
      ...[{ fps: 30 }, { fit: 'cover' as const }, { places: 4 }, { columns: 2 }, { background: '#000000' }],
      ...[
        { speakerBorder: false as const },
        { labels: false },
        { title: 'A' },
        { title: 'B' },
        { logo: 'a.png' },
      ],
      ...[
        { users: ['alice'] },
        { without: ['alice'] },
        { blur: ['bob'] },
        { names: { bob: { name: 'Bob' } } },
      ],
      ...[{ captions }, { encoder: 'h264_nvenc' }, { preset: 'faster' as const }],
    ];
    for (const name of [undefined, 'short']) {
      const names = new Set<string>();
      for (const request of requests) for (const file of await filmOf(request, { name })) names.add(file);
      // One of them has captions beside it.
      expect(names.size).toBe(3 * requests.length + 1);
    }
  });
});

test('turns of some · do not take the place of the turns of all', async () => {
  const turnsOf = async (request: Partial<PlanRequest>) =>
    (await filesOf({ outputs: ['transcription'], ...request })).filter((file) => file.endsWith('.json'));
  const [all] = await turnsOf({});
  expect(all).toBe(`turns_default_sparse_${STAMP}.json`);
  expect(await turnsOf({ userId: 'alice' })).not.toEqual([all]);
});

test('a voice of some of a user’s microphones · does not take the place of the whole voice', async () => {
  const tracks: SparseTrack[] = [...CALL, { user: 'alice', kind: 'audio', segments: SEGMENTS }];
  const voicesOf = async (request: Partial<PlanRequest>) =>
    (await filesOf({ outputs: ['transcription'], ...request }, tracks)).filter((file) => /voice/.test(file));
  const [alice, bob] = await voicesOf({});
  expect(await voicesOf({ userId: 'alice' })).toEqual([alice]);
  expect(await voicesOf({ trackId: 't0' })).not.toEqual([alice]);
  expect(bob).toBe(`voice_default_sparse_bob_${STAMP}.flac`);
});

test('files of another time 0 or language · say so; of other gaps and DTX, as Stream’s own, they do not', async () => {
  const outputs = ['audio', 'video', 'muxed', 'mix'] as const;
  const filesFor = (request: Partial<PlanRequest>) =>
    filesOf({ outputs, userId: 'alice', name: 'short', ...request });
  expect(await filesFor({ gaps: 'fill', dtx: 'fill', align: 'track' })).toEqual(await filesFor({}));
  expect(await filesFor({ gaps: 'keep', dtx: 'keep', muxed: { language: 'en' } })).toEqual([
    'alice-audio.mkv',
    'alice-video.mkv',
    'alice-av_language-eng.mkv',
    'all-mix.mp3',
  ]);
  expect(await filesFor({ align: 'recording', toMs: 5000 })).toEqual([
    'alice-audio_align-recording_to-5s.mkv',
    'alice-video_align-recording_to-5s.mkv',
    'alice-av_align-recording_to-5s.mkv',
    'all-mix_align-recording_to-5s.mp3',
  ]);
});

describe('what is handed on', () => {
  const names = { alice: { name: 'Ann' } };
  const requests: Partial<PlanRequest>[] = [
    ...[
      {},
      { codec: 'prores' as const },
      { fps: 30 as const },
      { size: { width: 640, height: 360 } },
      { names },
    ].map((editor) => ({ outputs: ['editor'] as const, editor })),
    ...[
      { stems: 'wav' as const },
      { stems: 'wav' as const, loudnessLufs: -14 },
      { stems: 'wav' as const, names },
    ].map((podcast) => ({ outputs: ['podcast'] as const, podcast })),
    { outputs: ['transcription'] },
  ];

  test.each([undefined, 'short'])('no two that differ have one name · %s', async (name) => {
    const files: string[] = [];
    for (const request of requests) files.push(...(await filesOf({ align: 'recording', name, ...request })));
    expect(new Set(files.map(fileKey)).size).toBe(files.length);
  });

  test('the usual files have no suffix', async () => {
    expect(await filesOf({ outputs: ['editor'], name: 'short', userId: ['alice', 'bob'] })).toEqual([
      'alice-video.mp4',
      ...['alice-stem.wav', 'bob-stem.wav'],
      ...['otio', 'xml', 'fcpxml', 'rpp', 'lof'].map((extension) => `all-timeline.${extension}`),
      'all-labels.txt',
    ]);
    expect(await filesOf({ outputs: ['podcast'] })).toEqual([
      `podcast-stem_default_sparse_alice_${STAMP}.flac`,
      `podcast-stem_default_sparse_bob_${STAMP}.flac`,
      `podcast_default_sparse_audio_${STAMP}.mp3`,
      `chapters_default_sparse_${STAMP}.json`,
      `notes_default_sparse_${STAMP}.txt`,
    ]);
  });
});
