import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createCanvas } from '@napi-rs/canvas';
import { type GeneratedCall, generateCall, type TrackSpec } from '@rawreel/fixtures';
import { findBeeps, listenAudio, probeFile } from '@rawreel/fixtures/judge';
import type { CompositeRequest, Place, Tile } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TILE_COLOUR } from '../../src/composite/art/colours.ts';
import { yuvOf } from '../../src/composite/canvas/i420.ts';
import { fitted } from '../../src/composite/scenes/geometry.ts';
import { type MadeFilm, makeFilm } from './make-film.ts';
import { Pictures } from './pictures.ts';

const execute = promisify(execFile);

const network = { delayMs: 0, jitterMs: 0 };
/** Of cameras; a film has half of them. */
const CAMERA_FPS = 10;
const FPS = 5;

/** When carol speaks, bob shares his screen, and alice speaks. */
const [CAROL_MS, SHARE_MS, ALICE_MS] = [1900, 3500, 6400];

const voice = (hz: number, more: object): TrackSpec => ({
  ...{ kind: 'audio', network, hz, segments: [{ startMs: 0, durationMs: 7000 }] },
  ...more,
});

const pictures = (width: number, height: number, more: object): TrackSpec => ({
  ...{ kind: 'video', codec: 'vp8', network, fps: CAMERA_FPS, width, height },
  ...{ segments: [{ startMs: 0, durationMs: 7000 }] },
  ...more,
});

let folder: string;
let call: GeneratedCall;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-options-'));
  const shared = { startMs: 2200, durationMs: 1800 };
  const tracks: Record<string, TrackSpec[]> = {
    alice: [voice(400, { speech: [{ fromMs: 4200, toMs: 6800 }] }), pictures(240, 180, {})],
    bob: [
      voice(6000, {}),
      pictures(320, 180, {}),
      pictures(320, 180, { screenshare: true, segments: [shared] }),
      voice(700, { screenshare: true, speech: [{ fromMs: 2300, toMs: 3900 }], segments: [shared] }),
    ],
    carol: [voice(600, { speech: [{ fromMs: 200, toMs: 2000 }] })],
  };
  const users = Object.entries(tracks).map(([id, own]) => ({ id, sessions: [{ tracks: own }] }));
  call = await generateCall({ seed: 7, callId: 'options', users });
});
afterAll(() => rm(folder, { recursive: true }));

type Seen = MadeFilm & { readonly call: GeneratedCall; readonly seen: Pictures };

async function filmOf(request: CompositeRequest, of = call): Promise<Seen> {
  const look = { fps: FPS, preset: 'ultrafast', ...request } as const;
  const made = await makeFilm(of, join(folder, `${++count}`), look, { verify: false });
  return { ...made, call: of, seen: await Pictures.of(made.path, made.film) };
}

const tilesAt = ({ scenes: { scenes } }: MadeFilm, atMs: number): readonly Tile[] =>
  scenes.findLast(({ startMs }) => startMs <= atMs)?.tiles ?? [];

const ownerOf = (of: GeneratedCall, source: number): string => {
  const track = of.truth.tracks.find((each) => each.kind === 'video' && each.source === source);
  return track === undefined ? 'nobody' : `${track.userId}${track.screenshare ? ' shares' : ''}`;
};

/** Whose pictures they are that stand in the tiles; a tile without is its user's initials, which are not black. */
function told({ seen, call: of, ...made }: Seen, atMs: number): string {
  const one = ({ userId, show, place }: Tile): string => {
    const shape = { width: show === 'camera' && userId === 'alice' ? 240 : 320, height: 180 };
    const code = seen.timecode(atMs, fitted(place, shape, 'contain'));
    if (code !== undefined) return ownerOf(of, code.source);
    return seen.luma(atMs, place).some((value) => value > 60) ? `${userId} without a picture` : 'black';
  };
  return tilesAt(made, atMs).map(one).join(', ');
}

/** Width and height of the tiles, each size once. */
const sizesAt = (made: MadeFilm, atMs: number): string =>
  [...new Set(tilesAt(made, atMs).map(({ place }) => `${place.width}x${place.height}`))].join(' ');

describe('each layout · is what is seen', () => {
  const CAROL = 'carol without a picture';
  const everybody = `bob, alice, ${CAROL}`;
  const initials = ['bob', 'alice', 'carol'].map((userId) => `${userId} without a picture`).join(', ');
  // While carol speaks, bob shares his screen, alice speaks.
  test.each([
    ['auto', [everybody, `bob shares, ${everybody}`, everybody], '510x348 112x64'],
    ['grid', [everybody, `bob shares, ${everybody}`, everybody], '304x170'],
    [
      'spotlight',
      [`${CAROL}, alice, bob`, `bob shares, alice, bob, ${CAROL}`, `alice, bob, ${CAROL}`],
      '510x348 112x64',
    ],
    ['single', [CAROL, 'bob shares', 'alice'], '640x360'],
    ['screenshare', ['', 'bob shares', ''], '640x360'],
    ['side-by-side', [`bob, ${CAROL}`, `bob shares, ${CAROL}`, 'alice, bob'], '310x348'],
    ['audio-only', [initials, initials, initials], '304x170'],
  ] as const)('%s', async (layout, expected, sizes) => {
    const made = await filmOf({ layout });
    expect([CAROL_MS, SHARE_MS, ALICE_MS].map((atMs) => told(made, atMs))).toEqual(expected);
    expect(sizesAt(made, SHARE_MS)).toBe(sizes);
  });
});

/** Pictures are as they were painted then. */
const LOSSLESS = { format: 'mkv', encoder: 'ffv1', preset: undefined } as const;

const yuv = (colour: string) => Object.values(yuvOf(colour));

const placeOf = (made: MadeFilm, userId: string, atMs: number): Place =>
  tilesAt(made, atMs).find((each) => each.userId === userId)?.place ?? expect.fail();

/** The middle of a tile's upper edge. */
function edgeOf(made: Seen, userId: string, atMs: number): readonly number[] {
  const { x, y, width } = placeOf(made, userId, atMs);
  return made.seen.at(atMs, x + width / 2, y);
}

/** The lower left of carol's initials, where her name may stand. */
function nameOfCarol(made: Seen): Uint8Array {
  const { x, y, height } = placeOf(made, 'carol', ALICE_MS);
  return made.seen.luma(ALICE_MS, { x: x + 8, y: y + height - 24, width: 60, height: 18 });
}

function square(colour: string): Buffer {
  const canvas = createCanvas(40, 40);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 40, 40);
  return canvas.toBuffer('image/png');
}

describe('a look · is what is seen', () => {
  let made: Seen;
  beforeAll(async () => {
    const [logo, avatar] = [join(folder, 'logo.png'), join(folder, 'avatar.png')];
    await writeFile(logo, square('#0000ff'));
    await writeFile(avatar, square('#ff0000'));
    made = await filmOf({
      ...LOSSLESS,
      ...{ background: '#204060', speakerBorder: '#ff8000', labels: true, title: 'Stand-up', logo },
      names: { carol: { name: 'Кэрол', avatar }, bob: { avatar: '/nowhere/bob.png' } },
    });
  });

  test('the encoder that is asked for, and the title', async () => {
    const { streams, tags } = await probeFile(made.path);
    expect(streams.map(({ codec }) => codec)).toEqual(['ffv1', 'opus']);
    expect(tags['title']).toBe('Stand-up');
  });

  test('a picture that cannot be shown is named', () => {
    const message = '/nowhere/bob.png cannot be shown: there is no such file';
    expect(made.report.problems).toContainEqual({ code: 'NOT_DRAWN', severity: 'notice', message });
  });

  test('background, between tiles and in their corners', () => {
    const { x, y } = placeOf(made, 'bob', CAROL_MS);
    expect(made.seen.at(CAROL_MS, x - 4, y + 20)).toEqual(yuv('#204060'));
    // Its chroma is that of four pixels.
    expect(made.seen.at(CAROL_MS, x, y)[0]).toBe(yuvOf('#204060').y);
  });

  test('the border of whoever speaks, in its colour, and nobody else’s', () => {
    expect(edgeOf(made, 'carol', 1500)).toEqual(yuv('#ff8000'));
    expect(edgeOf(made, 'carol', ALICE_MS)).toEqual(yuv(TILE_COLOUR));
    expect(edgeOf(made, 'alice', ALICE_MS)).toEqual(yuv('#ff8000'));
    // What is heard of a shared screen is nobody's voice.
    expect(new Set(made.scenes.speaking.map(({ userId }) => userId))).toEqual(new Set(['carol', 'alice']));
    expect(edgeOf(made, 'alice', 1500)).not.toEqual(yuv('#ff8000'));
  });

  test('the border comes and goes with the voice', () => {
    const spoken = made.scenes.speaking.filter(({ userId }) => userId === 'carol');
    expect(spoken.length).toBeGreaterThan(0);
    const isMarked = (atMs: number) => edgeOf(made, 'carol', atMs).join() === yuv('#ff8000').join();
    const around = spoken.flatMap(({ startMs, endMs }) => [startMs + 100, endMs - 100, endMs + 100]);
    expect(around.map(isMarked)).toEqual(spoken.flatMap(() => [true, true, false]));
  });

  test('an avatar in place of initials, and a name', () => {
    const { x, y, width, height } = placeOf(made, 'carol', CAROL_MS);
    expect(made.seen.at(CAROL_MS, x + width / 2, y + height / 2)).toEqual(yuv('#ff0000'));
    expect(nameOfCarol(made).filter((value) => value > 180).length).toBeGreaterThan(10);
  });

  test('logo and title above all tiles', () => {
    const header = Math.min(...tilesAt(made, SHARE_MS).map(({ place }) => place.y));
    expect(header).toBeGreaterThanOrEqual(30);
    expect(made.seen.at(SHARE_MS, 640 - 16, header / 2)).toEqual(yuv('#0000ff'));
    const title = made.seen.luma(SHARE_MS, { x: 280, y: 0, width: 80, height: header });
    expect(title.filter((value) => value > 200).length).toBeGreaterThan(40);
  });

  test('a camera of another shape is whole, beside it the tile’s colour', () => {
    const { x, y, height } = placeOf(made, 'alice', CAROL_MS);
    expect(made.seen.at(CAROL_MS, x + 6, y + height / 2)).toEqual(yuv(TILE_COLOUR));
  });

  test('edited scenes · say who is marked; a screen never is', async () => {
    const scenes = { ...made.scenes, speaking: [{ userId: 'bob', startMs: 0, endMs: 7000 }] };
    const edited = await filmOf({ ...LOSSLESS, speakerBorder: '#ff8000', scenes });
    const edges = tilesAt(edited, SHARE_MS).map(({ userId, show, place: { x, y, width } }) => {
      const isMarked = edited.seen.at(SHARE_MS, x + width / 2, y).join() === yuv('#ff8000').join();
      return `${userId} ${show}${isMarked ? ' marked' : ''}`;
    });
    expect(edges).toEqual(['bob share', 'bob camera marked', 'alice camera', 'carol initials']);
  });
});

test('some users, cut to their places, without names or borders, upright · are seen so, and heard', async () => {
  const made = await filmOf({
    ...LOSSLESS,
    ...{ users: ['alice', 'carol'], fit: 'cover', labels: false, speakerBorder: false },
    size: { width: 360, height: 640 },
    captions: {
      cues: [
        { startMs: 1000, endMs: 1500, text: 'Good morning.', speaker: 'carol' },
        { startMs: 3000, endMs: 3500, text: 'Look at this.', speaker: 'bob' },
      ],
    },
  });
  expect(made.film).toMatchObject({ width: 360, height: 640, fps: FPS, pictures: made.seen.count });
  for (const { tiles } of made.scenes.scenes)
    expect(tiles.map(({ userId }) => userId).sort()).toEqual(['alice', 'carol']);
  const [alice, carol] = ['alice', 'carol'].map((userId) => placeOf(made, userId, ALICE_MS));
  expect([alice?.x, alice?.width]).toEqual([carol?.x, carol?.width]);
  const { x, y, height } = alice ?? expect.fail();
  expect(made.seen.at(CAROL_MS, x + 6, y + height / 2)).not.toEqual(yuv(TILE_COLOUR));
  expect([edgeOf(made, 'carol', 1500), edgeOf(made, 'carol', ALICE_MS)]).toEqual([
    yuv(TILE_COLOUR),
    yuv(TILE_COLOUR),
  ]);
  expect(new Set(nameOfCarol(made)).size).toBe(1);
  const said = await execute('ffmpeg', ['-v', 'error', '-i', made.path, '-map', '0:s', '-f', 'webvtt', '-']);
  expect(said.stdout).toContain('carol: Good morning.');
  expect(said.stdout).not.toContain('Look');
  const heard = await listenAudio(made.path);
  // Higher than what is spoken.
  expect(findBeeps(heard, 6000)).toEqual([]);
  const spoken = heard.pcm.subarray((4.5 * heard.sampleRate) | 0, (6.5 * heard.sampleRate) | 0);
  expect(spoken.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
});

test('places and columns · no more people than places, one upon the other', async () => {
  const size = { width: 320, height: 180 };
  const made = await filmOf({ ...LOSSLESS, size, places: 2, columns: 1 });
  expect(told(made, ALICE_MS).split(', ')).toHaveLength(2);
  const places = tilesAt(made, ALICE_MS).map(({ place }) => place);
  expect(places.map(({ x, width }) => [x, width])).toEqual([
    [82, 154],
    [82, 154],
  ]);
});

test.each([
  ['ultrafast', 0],
  ['faster', 4],
] as const)('the preset %s · is what x264 says it was told', async (preset, subme) => {
  const { path } = await filmOf({ users: ['carol'], size: { width: 64, height: 64 }, preset });
  expect(/ subme=(\d+)/.exec(await readFile(path, 'latin1'))?.[1]).toBe(`${subme}`);
});

test('who comes and goes · has chapters at their times, and a place that is kept for two seconds', async () => {
  const sound = (startMs: number, durationMs: number) => voice(400, { segments: [{ startMs, durationMs }] });
  // Of few pictures, the last of which stands.
  const share = pictures(160, 96, {
    ...{ screenshare: true, fps: 0.5 },
    segments: [{ startMs: 12_000, durationMs: 5000 }],
  });
  const camera = pictures(240, 180, { fps: 0.5, segments: [{ startMs: 0, durationMs: 17_000 }] });
  const tracks = { alice: [sound(0, 17_000), camera, share], bob: [sound(6000, 5500)] };
  const users = Object.entries(tracks).map(([id, own]) => ({ id, sessions: [{ tracks: own }] }));
  const coming = await generateCall({ seed: 8, callId: 'coming', users });
  const made = await filmOf(
    {
      ...{ size: { width: 320, height: 180 }, names: { alice: { name: 'Алиса; #=<b>' } } },
      captions: { cues: [{ startMs: 6500, endMs: 7500, text: 'Good morning.', userId: 'bob' }] },
    },
    coming,
  );
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-of', 'json', '-show_chapters', made.path]);
  const chapters: readonly { start_time: string; tags: { title: string } }[] = JSON.parse(stdout).chapters;
  expect(chapters.map(({ tags: { title } }) => title)).toEqual([
    'Алиса; #=<b> joins',
    'bob joins: Good morning.',
    'bob leaves, Алиса; #=<b> shares a screen',
  ]);
  for (const [index, atMs] of [0, 6000, 11_500].entries())
    expect(Math.abs(Number(chapters[index]?.start_time) * 1000 - atMs - made.shiftMs)).toBeLessThan(100);
  const bob = 'bob without a picture';
  const seen = [5500, 6500, 11_700, 13_200, 13_800].map((atMs) => told(made, atMs + made.shiftMs));
  const shared = 'alice shares, alice';
  expect(seen).toEqual(['alice', `alice, ${bob}`, `alice, ${bob}`, `${shared}, ${bob}`, shared]);
});
