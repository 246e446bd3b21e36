import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRecording } from '@rawreel/archive';
import { type GeneratedCall, generateCall, type UserSpec } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, probeFile, watchVideo } from '@rawreel/fixtures/judge';
// The built package: its worker threads load built files.
import {
  type CompositeRequest,
  flawOfScenes,
  planRecording,
  type RunOptions,
  readManifest,
  readTranscription,
  runPlan,
  type SceneList,
  type Tile,
} from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitted } from '../../src/composite/scenes/geometry.ts';
import { withVideoEncrypted } from '../support/encrypted-call.ts';
import { type MadeFilm, makeFilm } from './make-film.ts';
import { watchTile } from './tiles.ts';

const execute = promisify(execFile);

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-film-'));
});
afterAll(() => rm(folder, { recursive: true }));

// What is heard later than it was said is for no test here.
const network = { delayMs: 0, jitterMs: 0 };

const users: readonly UserSpec[] = [
  {
    id: 'alice',
    sessions: [
      {
        tracks: [
          { kind: 'audio', network, hz: 500, segments: [{ startMs: 0, durationMs: 11_000 }] },
          {
            kind: 'video',
            codec: 'vp8',
            network,
            width: 320,
            height: 180,
            segments: [
              { startMs: 0, durationMs: 5000 },
              { startMs: 7000, durationMs: 4000 },
            ],
          },
        ],
      },
    ],
  },
  {
    id: 'bob',
    sessions: [
      {
        tracks: [
          { kind: 'audio', network, hz: 900, segments: [{ startMs: 100, durationMs: 10_800 }] },
          {
            kind: 'video',
            codec: 'h264',
            network,
            width: 320,
            height: 180,
            rotation: 90,
            segments: [{ startMs: 100, durationMs: 10_800 }],
          },
        ],
      },
    ],
  },
];

const filmOf = (
  call: GeneratedCall,
  request: CompositeRequest = {},
  options: Partial<RunOptions> = {},
): Promise<MadeFilm> => makeFilm(call, options.output ?? join(folder, `${++count}`), request, options);

const cameraOf = (call: GeneratedCall, userId: string) => {
  const track = call.truth.tracks.find((each) => each.userId === userId && each.kind === 'video');
  if (track === undefined) throw new Error(`${userId} has no camera`);
  return track;
};

const tileOf = ({ scenes }: SceneList, userId: string, atMs: number): Tile => {
  const scene = scenes.findLast(({ startMs }) => startMs <= atMs);
  const tile = scene?.tiles.find((each) => each.userId === userId && each.show !== 'share');
  if (tile === undefined) throw new Error(`${userId} is not seen at ${atMs}`);
  return tile;
};

const PICTURE_MS = 40;

describe('two people, one of whom turns her camera off, the other with a phone', () => {
  let call: GeneratedCall;
  let made: MadeFilm;
  beforeAll(async () => {
    call = await generateCall({ seed: 3, callId: 'standup', users });
    made = await filmOf(call);
  });

  /** All that is seen of somebody in the second half, where tiles stay where they are. */
  async function seenOf(userId: string) {
    const { place } = tileOf(made.scenes, userId, 8000);
    const [width, height] = userId === 'bob' ? [180, 320] : [320, 180];
    const picture = fitted(place, { width, height }, 'contain');
    return await watchTile(made.path, picture, userId === 'bob' ? 'counterclockwise' : 'no');
  }

  test('one file of pictures and sound beside its scenes, named in the report and the manifest', async () => {
    const { report, film, path } = made;
    expect(report).toMatchObject({ failures: [], problems: [], damaged: false });
    const named = `composite_default_standup_audio_video_${call.truth.startUnixMs}_640x360_look-`;
    expect([film.path.slice(0, named.length), film.path.slice(-4)]).toEqual([named, '.mp4']);
    expect(film).toMatchObject({ width: 640, height: 360, fps: 25, verified: { decodes: true } });
    expect(Math.abs(film.durationMs - 11_000)).toBeLessThan(PICTURE_MS);
    const files = (await readManifest(join(path, '..'))).map((file) => file.path);
    expect(files.sort()).toEqual(report.files.map((file) => file.path).sort());
    expect((await readdir(join(path, '..'))).sort()).toEqual(['manifest.json', ...files].sort());
    const { stdout } = await execute('ffprobe', [
      ...['-v', 'error', '-of', 'json', '-show_chapters', '-show_entries'],
      ...['stream=codec_name,width,height,nb_frames', path],
    ]);
    const { streams, chapters } = JSON.parse(stdout);
    expect(streams[0]).toMatchObject({
      codec_name: 'h264',
      width: 640,
      height: 360,
      nb_frames: `${film.pictures}`,
    });
    expect(streams[1]).toMatchObject({ codec_name: 'aac' });
    // A player that has the beginning can begin.
    const boxes = await readFile(path, 'latin1');
    expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'));
    expect(chapters[0]).toMatchObject({ start: 0, tags: { title: 'alice joins, bob joins' } });
    const beside = report.files.find(({ kind }) => kind === 'chapters') ?? expect.fail();
    expect(beside).toMatchObject({ chapters: film.chapters, durationMs: film.durationMs });
    // Named like the film, but for its first word.
    const [, ofFilm] = /_standup_audio_video(_.*)[.]mp4$/.exec(film.path) ?? [];
    expect(beside.path).toBe(`chapters_default_standup${ofFilm}.vtt`);
    const { cues } = readTranscription(await readFile(join(path, '..', beside.path), 'utf8'));
    expect(cues.map(({ startMs, text }) => [startMs, text])).toEqual(
      chapters.map(({ start_time, tags }: { start_time: string; tags: { title: string } }) => [
        Math.round(Number(start_time) * 1000),
        tags.title,
      ]),
    );
  });

  test.each(['alice', 'bob'])(
    '%s · is seen in their own tile, at the time of the pictures',
    async (userId) => {
      const { frames } = await seenOf(userId);
      const { source } = cameraOf(call, userId);
      const inTile = frames.filter(({ ptsMs }) => ptsMs > 7500 && ptsMs < 10_700);
      expect(inTile.length).toBeGreaterThan(75);
      const wrong = inTile.filter(
        ({ ptsMs, timecode }) =>
          timecode?.source !== source ||
          // A picture stands until the next, and is put where it is nearest.
          Math.abs(timecode.timeMs + made.shiftMs - ptsMs) > PICTURE_MS,
      );
      expect(wrong.map(({ ptsMs, timecode }) => [ptsMs, timecode])).toEqual([]);
    },
  );

  test('a camera that stops as the film ends · is seen to its last picture', () => {
    const last = made.scenes.scenes.at(-1)?.tiles ?? [];
    expect(last.map(({ userId, show }) => `${userId} ${show}`)).toEqual(['alice camera', 'bob camera']);
  });

  test('a camera that is off · is neither black nor frozen', async () => {
    const { frames } = await seenOf('alice');
    const off = frames.filter(({ ptsMs }) => ptsMs > 5200 && ptsMs < 6800);
    expect(off.length).toBeGreaterThan(35);
    expect(off.filter(({ timecode, black }) => timecode !== undefined || black)).toEqual([]);
  });

  test.each(['alice', 'bob'])('%s · lips and voice are together', async (userId) => {
    const { frames } = await seenOf(userId);
    const audio = await listenAudio(made.path);
    const { hz = 0 } =
      call.truth.tracks.find((track) => track.userId === userId && track.kind === 'audio') ?? {};
    const beeps = findBeeps(audio, hz).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
    let flashes = 0;
    for (const [index, { ptsMs, flash }] of frames.entries()) {
      if (!flash || frames[index - 1]?.flash !== false || ptsMs < 7200 || ptsMs > 10_600) continue;
      flashes++;
      const nearest = Math.min(...beeps.map((beep) => Math.abs(beep - ptsMs)));
      expect(nearest).toBeLessThanOrEqual(PICTURE_MS);
    }
    expect(flashes).toBeGreaterThanOrEqual(3);
    // The sound itself is where the call clock says.
    const expected = [8000, 9000, 10_000].map((atMs) => atMs + made.shiftMs);
    for (const atMs of expected)
      expect(Math.min(...beeps.map((beep) => Math.abs(beep - atMs)))).toBeLessThan(20);
  });

  test('from and to · another window of the same film, in time', async () => {
    const part = await filmOf(call, { fromMs: 3000, toMs: 9000, format: 'mkv' });
    expect(part.film.offsetMs).toBe(3000);
    expect(part.film.durationMs).toBe(6000);
    const audio = await listenAudio(part.path);
    const beeps = findBeeps(audio, 500).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
    for (const atMs of [4000, 5000, 6000, 7000, 8000])
      expect(Math.min(...beeps.map((beep) => Math.abs(beep - atMs - part.shiftMs)))).toBeLessThan(20);
    expect(Math.abs(audio.endMs - 6000)).toBeLessThan(25);
    const { place } = tileOf(part.scenes, 'alice', 500);
    const { frames } = await watchTile(part.path, fitted(place, { width: 320, height: 180 }, 'contain'));
    const early = frames.filter(({ ptsMs }) => ptsMs < 1800);
    expect(early.length).toBe(45);
    for (const { ptsMs, timecode } of early)
      expect(Math.abs((timecode?.timeMs ?? 0) + part.shiftMs - ptsMs)).toBeLessThanOrEqual(PICTURE_MS);
  });

  test.each([
    ['mp4', ['h264', 'aac', 'mov_text']],
    ['webm', ['vp9', 'opus', 'webvtt']],
    ['mkv', ['h264', 'opus', 'webvtt']],
  ] as const)('captions in %s · a track of its own, on the film’s clock', async (format, codecs) => {
    const captions = {
      language: 'en-US',
      cues: [
        { startMs: 1000, endMs: 2000, text: 'before' },
        { startMs: 4000, endMs: 5500, text: '<i>Hello</i> & good morning.', speaker: 'Алиса' },
        { startMs: 5000, endMs: 6000, text: 'Morning!', speaker: 'bob' },
      ],
    };
    const size = { width: 160, height: 90 };
    const request = { format, captions, size, fps: 5, fromMs: 3000, toMs: 9000 };
    const { path, report } = await filmOf(call, request);
    const { streams } = await probeFile(path);
    // Behind them MP4 has its chapters.
    expect(streams.slice(0, 3).map(({ codec }) => codec)).toEqual(codecs);
    expect(streams[2]?.tags['language']).toBe('eng');
    const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:s', '-f', 'srt', '-']);
    const { cues } = readTranscription(stdout.replaceAll('<', '&lt;'));
    expect(cues.map(({ text }) => text)).toEqual([
      'Алиса: <i>Hello</i> & good morning.',
      'Алиса: <i>Hello</i> & good morning.\nbob: Morning!',
      'bob: Morning!',
    ]);
    // Opus begins before the film, and ffmpeg lets everything begin with it.
    for (const [index, { startMs, endMs }] of cues.entries()) {
      expect(Math.abs(startMs - ([1000, 2000, 2500][index] ?? 0))).toBeLessThan(20);
      expect(Math.abs(endMs - ([2000, 2500, 3000][index] ?? 0))).toBeLessThan(20);
    }
    const beside = report.files.find(({ kind }) => kind === 'captions') ?? expect.fail();
    expect(beside).toMatchObject({ language: 'en-US', cues: 3, durationMs: 6000 });
    const read = readTranscription(await readFile(join(path, '..', beside.path), 'utf8'));
    expect(read.cues.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [1000, 2000],
      [2000, 2500],
      [2500, 3000],
    ]);
  });

  test('scenes that were edited · are shown as they are', async () => {
    const alone = {
      ...made.scenes,
      scenes: [
        {
          startMs: 0,
          tiles: [{ ...tileOf(made.scenes, 'alice', 8000), place: { x: 0, y: 0, width: 640, height: 360 } }],
        },
      ],
    };
    const { path } = await filmOf(call, { scenes: alone });
    const { frames } = await watchVideo(path);
    const seen = frames.filter(({ ptsMs }) => ptsMs > 7500);
    expect(seen.length).toBeGreaterThan(75);
    expect(seen.every(({ timecode }) => timecode?.source === cameraOf(call, 'alice').source)).toBe(true);
    // Scenes of all the film, for a part of it: whoever is seen then is in it.
    const full = (userId: string, startMs: number) => ({
      startMs,
      tiles: [{ ...tileOf(made.scenes, userId, 8000), place: { x: 0, y: 0, width: 640, height: 360 } }],
    });
    const inTurn = { ...made.scenes, scenes: [full('bob', 0), full('alice', 8000)] };
    const part = await filmOf(call, { scenes: inTurn, fromMs: 7500, toMs: 9500 });
    const [first, later] = part.scenes.scenes.map(({ startMs }) => startMs);
    expect([first, Math.abs((later ?? 0) - 500) < PICTURE_MS]).toEqual([0, true]);
    const { frames: ofPart } = await watchVideo(part.path);
    const second = ofPart.filter(({ ptsMs }) => ptsMs > 600);
    expect(second.length).toBeGreaterThan(30);
    expect(second.every(({ timecode }) => timecode?.source === cameraOf(call, 'alice').source)).toBe(true);
    const late = { ...alone, scenes: [{ startMs: 5, tiles: [] }] };
    await expect(filmOf(call, { scenes: late })).rejects.toThrow('the first scene does not begin at 0');
  });

  test('who is left out is neither seen nor heard; who is blurred is heard', async () => {
    const { path, scenes } = await filmOf(call, { without: ['alice'], blur: ['bob'], format: 'webm' });
    const audio = await listenAudio(path);
    expect(findBeeps(audio, 500)).toEqual([]);
    expect(findBeeps(audio, 900).length).toBeGreaterThan(5);
    expect(new Set(scenes.scenes.flatMap(({ tiles }) => tiles.map(({ userId }) => userId)))).toEqual(
      new Set(['bob']),
    );
    const { place } = tileOf(scenes, 'bob', 8000);
    const { frames } = await watchTile(
      path,
      fitted(place, { width: 180, height: 320 }, 'contain'),
      'counterclockwise',
    );
    expect(frames.length).toBeGreaterThan(200);
    const legible = frames.filter(({ timecode }) => timecode !== undefined);
    expect(legible.length).toBeLessThan(frames.length / 8);
  });
});

describe('a shared screen, and a camera that changes its size', () => {
  let call: GeneratedCall;
  let made: MadeFilm;
  beforeAll(async () => {
    call = await generateCall({
      seed: 9,
      users: [
        {
          id: 'carol',
          sessions: [
            {
              tracks: [
                {
                  kind: 'video',
                  codec: 'vp8',
                  network,
                  width: 320,
                  height: 180,
                  segments: [
                    {
                      startMs: 0,
                      durationMs: 9000,
                      parts: [{ durationMs: 5000 }, { width: 240, height: 180 }],
                    },
                  ],
                },
                {
                  kind: 'video',
                  codec: 'vp9',
                  network,
                  screenshare: true,
                  fps: 5,
                  width: 480,
                  height: 270,
                  segments: [{ startMs: 2500, durationMs: 4000 }],
                },
              ],
            },
          ],
        },
        {
          id: 'dave',
          sessions: [
            {
              tracks: [
                {
                  kind: 'audio',
                  network,
                  speech: [{ fromMs: 3000, toMs: 6000 }],
                  segments: [{ startMs: 0, durationMs: 9000 }],
                },
              ],
            },
          ],
        },
      ],
    });
    made = await filmOf(call, { labels: true });
  });

  const sourceOf = (screenshare: boolean) =>
    call.truth.tracks.find((track) => track.kind === 'video' && track.screenshare === screenshare)?.source;

  test('it takes the stage while it is shared, late by no more than what its rate leaves', async () => {
    const words = made.scenes.scenes.map(({ tiles }) =>
      tiles.map(({ userId, show }) => `${userId} ${show}`).join(', '),
    );
    expect(words.slice(-3)).toEqual([
      'dave initials, carol camera',
      'carol share, dave initials, carol camera',
      'dave initials, carol camera',
    ]);
    const scene = made.scenes.scenes.at(-2) ?? expect.fail();
    const stage = scene.tiles[0]?.place ?? expect.fail();
    const { frames } = await watchTile(made.path, fitted(stage, { width: 480, height: 270 }, 'contain'));
    const endMs = 6300 + made.shiftMs;
    const shared = frames.filter(({ ptsMs }) => ptsMs > scene.startMs + PICTURE_MS && ptsMs < endMs);
    expect(shared.length).toBeGreaterThan(75);
    // The name lies below the rows that are read.
    expect(shared.filter(({ timecode }) => timecode?.source !== sourceOf(true))).toEqual([]);
    const late = shared.map(({ ptsMs, timecode }) => ptsMs - (timecode?.timeMs ?? 0) - made.shiftMs);
    expect(Math.max(...late)).toBeLessThanOrEqual(200 + PICTURE_MS);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-PICTURE_MS);
  });

  test('a camera of another shape keeps it, and goes on at the same moment', async () => {
    const { place } = tileOf(made.scenes, 'carol', 8500);
    const { frames } = await watchTile(made.path, fitted(place, { width: 240, height: 180 }, 'contain'));
    const after = frames.filter(({ ptsMs }) => ptsMs > 6700 + made.shiftMs && ptsMs < 8900 + made.shiftMs);
    expect(after.length).toBeGreaterThan(50);
    const wrong = after.filter(
      ({ ptsMs, timecode }) =>
        timecode?.source !== sourceOf(false) ||
        Math.abs((timecode?.timeMs ?? 0) + made.shiftMs - ptsMs) > PICTURE_MS,
    );
    expect(wrong).toEqual([]);
  });

  test('whoever speaks is marked, and nobody else', async () => {
    expect(made.scenes.speaking.map(({ userId }) => userId)).toEqual(['dave']);
    const edgeOf = async (userId: string, atMs: number) => {
      const { x, y, width } = tileOf(made.scenes, userId, atMs).place;
      const { frames } = await watchTile(made.path, { x, y, width, height: 2 });
      return frames.findLast(({ ptsMs }) => ptsMs <= atMs)?.meanLuma ?? Number.NaN;
    };
    // The border is the lightest that is there; a tile without a picture is dark.
    expect(await edgeOf('dave', 4000)).toBeGreaterThan(110);
    expect(await edgeOf('dave', 8500)).toBeLessThan(70);
  });
});

test('scenes only · no film is made, and none of its work is done', async () => {
  const call = await generateCall({ seed: 3, callId: 'standup', users });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['composite'], composite: { film: false } });
  const output = join(folder, `${++count}`);
  const report = await runPlan(plan, { output, madeBy: 'test', ffmpegPath: '/nowhere/ffmpeg' });
  expect(report.failures).toEqual([]);
  expect(report.files.map(({ kind }) => kind)).toEqual(['scenes']);
  const scenes: SceneList = JSON.parse(await readFile(join(output, report.files[0]?.path ?? ''), 'utf8'));
  expect(flawOfScenes(scenes)).toBeUndefined();
  expect(scenes.scenes.length).toBeGreaterThan(2);
});

test('without an ffmpeg · the film has failed by name, and what lies beside it is made', async () => {
  const call = await generateCall({ seed: 3, callId: 'standup', users });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['composite'] });
  const output = join(folder, `${++count}`);
  const report = await runPlan(plan, { output, madeBy: 'test', ffmpegPath: '/nowhere/ffmpeg' });
  expect(report.failures).toMatchObject([{ kind: 'composite', code: 'ERR_NO_FFMPEG' }]);
  expect((await readdir(output)).map((name) => name.split('_')[0]).sort()).toEqual([
    'chapters',
    'manifest.json',
    'scenes',
  ]);
});

test('a call without cameras · initials, in an upright picture', async () => {
  const call = await generateCall({
    seed: 6,
    users: ['erin', 'frank'].map((id) => ({
      id,
      sessions: [{ tracks: [{ kind: 'audio', network, segments: [{ startMs: 0, durationMs: 1500 }] }] }],
    })),
  });
  const names = { Erin: { name: 'Erin Brockovich' } };
  const { film, path, report } = await filmOf(call, { size: { width: 180, height: 320 }, names });
  expect(report.problems).toMatchObject([
    { code: 'NOT_DRAWN', message: expect.stringMatching(/^none of the names/) },
  ]);
  expect(Math.abs(film.durationMs - 1500)).toBeLessThanOrEqual(PICTURE_MS);
  const { frames } = await watchVideo(path);
  expect(frames[10]).toMatchObject({ width: 180, height: 320, black: false });
});

test.each([
  [60, 'their headers are whole'],
  [6, 'no key frame is seen among them'],
])('frames that no decoder takes after %i bytes, as %s · the report names the track', async (clearBytes) => {
  const call = await generateCall({ seed: 4, users });
  const encrypted = withVideoEncrypted(call, clearBytes);
  const { report, film } = await filmOf(encrypted);
  expect(Math.abs(film.durationMs - 11_000)).toBeLessThan(PICTURE_MS);
  const unseen = report.problems.filter(({ code }) => code === 'TRACK_NOT_SEEN');
  expect(unseen.map(({ userId }) => userId)).toContain('bob');
});

/** An ffmpeg that writes down which process each of it is. */
async function notedFfmpeg(notes: string): Promise<string> {
  const path = join(folder, 'noted-ffmpeg');
  await writeFile(path, `#!/bin/sh\necho $$ >> '${notes}'\nexec ffmpeg "$@"\n`, { mode: 0o755 });
  return path;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('an abort · ends it with all that it has started, and leaves nothing', async () => {
  const call = await generateCall({ seed: 3, callId: 'standup', users });
  const output = join(folder, 'aborted');
  const notes = join(folder, 'processes');
  const controller = new AbortController();
  const { signal } = controller;
  const filmedLater: number[] = [];
  const making = filmOf(
    call,
    {},
    {
      output,
      signal,
      ffmpegPath: await notedFfmpeg(notes),
      onProgress: (event) => {
        if (event.type !== 'output-progress') return;
        if (signal.aborted) filmedLater.push(event.bytes);
        else if (event.bytes >= event.totalBytes / 3) controller.abort(new Error('enough'));
      },
    },
  );
  await expect(making).rejects.toThrow('enough');
  expect(filmedLater).toEqual([]);
  const started = (await readFile(notes, 'utf8')).trim().split('\n').map(Number);
  // The encoder, and a decoder for each camera.
  expect(started.length).toBeGreaterThanOrEqual(3);
  expect(started.filter(isThere)).toEqual([]);
  // What lies beside it was finished before.
  const left = (await readdir(output)).map((name) => name.split('_')[0]);
  expect(left.sort()).toEqual(['chapters', 'manifest.json', 'scenes']);
});

test.each([
  ['its sound is mixed', '*f32le*'],
  ['its chunks are joined', '*concat*'],
  ['it is read back', '*"-f null"*'],
])('an abort while %s · ends that, too', async (_, words) => {
  const call = await generateCall({ seed: 3, callId: 'standup', users });
  const output = join(folder, `${++count}`);
  const [stuck, note] = [join(folder, 'stuck-ffmpeg'), `${output}.pid`];
  // It goes no further by itself.
  const script = `#!/bin/sh\ncase "$*" in ${words}) echo $$ > '${note}'; exec sleep 600;; esac\nexec ffmpeg "$@"\n`;
  await writeFile(stuck, script, { mode: 0o755 });
  const controller = new AbortController();
  const { signal } = controller;
  const request = { size: { width: 64, height: 64 }, fps: 1 };
  const made = expect(filmOf(call, request, { output, signal, ffmpegPath: stuck })).rejects.toThrow('enough');
  const pid = async () => Number(await readFile(note, 'utf8').catch(() => 0));
  await expect.poll(pid).toBeGreaterThan(0);
  controller.abort(new Error('enough'));
  await made;
  expect(isThere(await pid())).toBe(false);
  const left = (await readdir(output)).map((name) => name.split('_')[0]);
  expect(left.sort()).toEqual(['chapters', 'manifest.json', 'scenes']);
});
