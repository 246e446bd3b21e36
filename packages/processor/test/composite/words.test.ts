import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookForLetters } from '../../src/composite/art/look-for-letters.ts';
import { drawnName, initialsOf, scriptOf } from '../../src/composite/art/names.ts';
import { openArt } from '../../src/composite/art/open-art.ts';
import {
  chaptersOf,
  chaptersVtt,
  ffmetadata,
  momentsOf,
  withFirstWords,
} from '../../src/composite/chapters.ts';
import { gapOf, headerHeight } from '../../src/composite/scenes/geometry.ts';
import type { CompositeLook, CompositeRequest } from '../../src/plan/plan.ts';
import { planComposite } from '../../src/plan/plan-composite.ts';
import type { SceneList } from '../../src/plan/scene-list.ts';

test.each([
  ['Alice Liddell', 'AL'],
  ['bob', 'B'],
  ['user-01', 'U01'],
  ['Room 12', 'R12'],
  ['guest 2026', 'G2'],
  ['mary.ann_smith@example.com', 'MC'],
  ['王小明', '王'],
  ['أليس حسن', 'أح'],
  ['👩‍💻 dev', '👩‍💻D'],
  ['<b>:%{x}', 'B'],
  ['---', '?'],
])('the initials of %s are %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test('a name is one line of what can be seen, and an id stands for who has none', () => {
  const names = { a: { name: 'Al\u202eice\nx\u0007' }, b: { name: ' \u200b ' } };
  expect(['a', 'b', 'c', 'toString'].map((userId) => drawnName(userId, names))).toEqual([
    'Alice x',
    '?',
    'c',
    'toString',
  ]);
  expect(['王', '한', 'ש', '🦊', 'ж'].map(scriptOf)).toEqual([
    'Chinese or Japanese',
    'Korean',
    'Hebrew',
    'emoji',
    'other scripts',
  ]);
});

describe('chapters', () => {
  const span = (startMs: number, endMs: number) => ({ startMs, endMs });
  test('shares, joins and leaves; those that are near are one; the first begins the film', () => {
    const moments = momentsOf(
      {
        members: [
          { userId: 'alice', present: [span(100, 60_000)] },
          { userId: 'bob', present: [span(900, 30_000)] },
        ],
        sources: [{ userId: 'bob', isShare: true, on: [span(10_000, 20_000)] }],
      },
      { bob: { name: 'Bob; [x]=#\\' } },
    );
    const chapters = chaptersOf(moments, 60_000);
    expect(chapters.map(({ startMs, title }) => `${startMs} ${title}`)).toEqual([
      '0 alice joins, Bob; [x]=#\\ joins',
      '10000 Bob; [x]=#\\ shares a screen',
      '20000 Bob; [x]=#\\ stops sharing',
      '30000 Bob; [x]=#\\ leaves',
    ]);
    expect(ffmetadata(chapters.slice(1, 2), 60_000)).toBe(
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=10000\nEND=60000\ntitle=Bob\\; [x]\\=\\#\\\\ shares a screen\n',
    );
  });

  test('as WebVTT · each up to the next, none behind the end, and no title is markup', () => {
    const chapters = [
      { startMs: 0, title: 'alice joins' },
      { startMs: 10_000.4, title: '<b>Bob --> & joins' },
      { startMs: 61_000, title: 'alice leaves' },
    ];
    expect(chaptersVtt(chapters, 60_000)).toBe(
      [
        'WEBVTT\n',
        '00:00:00.000 --> 00:00:10.000\nalice joins\n',
        '00:00:10.000 --> 00:01:00.000\n&lt;b&gt;Bob --&gt; &amp; joins\n',
      ].join('\n'),
    );
  });

  test('of a crowd that comes at once the first are named', () => {
    const members = Array.from({ length: 50 }, (_, index) => ({
      userId: `u${index}`,
      present: [span(index, 60_000)],
    }));
    expect(chaptersOf(momentsOf({ members, sources: [] }), 60_000)).toEqual([
      { startMs: 0, title: 'u0 joins, u1 joins, u2 joins, u3 joins and 46 more' },
    ]);
  });
});

test('chapters with what is said first in each · in few words, whatever the script', () => {
  const chapters = [0, 10_000, 20_000, 30_000].map((startMs) => ({ startMs, title: 'bob joins' }));
  const captions = [
    { startMs: 12_000, endMs: 13_000, text: 'Second.' },
    { startMs: 10_500, endMs: 11_000, text: 'Let us begin with the budget\nof the coming year, shall we?' },
    { startMs: 24_999, endMs: 26_000, text: '<b>Bye; all' },
    {
      startMs: 35_000,
      endMs: 36_000,
      text: '我们今天要讨论明年的预算和招聘计划，然后决定下一次会议的时间，最后再看看其他的问题和建议。',
    },
  ];
  const [first, second, third, last] = withFirstWords(chapters, captions, 500).map(({ title }) => title);
  expect([first, second, third]).toEqual([
    'bob joins',
    'bob joins: Let us begin with the budget of the…',
    'bob joins: <b>Bye; all',
  ]);
  expect(last).toMatch(/^bob joins: 我们今天要讨论.{20,34}…$/);
});

const SIZE = { width: 1280, height: 720 };

const lookOf = (request: CompositeRequest): CompositeLook => {
  const candidate = { number: 0, planned: { userId: 'alice' } } as never;
  const recording = { callType: 'default', callId: 'x', tracks: [{ userId: 'alice' }] } as never;
  const [output] = planComposite([candidate], request, recording, { timestampMs: 0, recordedMs: 0 });
  return output?.look ?? expect.fail();
};

test.each<[CompositeRequest, string]>([
  [{ size: { width: 1281, height: 720 } }, '1281x720'],
  [{ preset: 'warp' as never }, '"warp" is no preset of x264'],
  [{ fps: 0 }, '0 pictures a second'],
  [{ places: 2.5 }, '2.5 people at a time'],
  [{ background: 'red' }, '"red" is no colour'],
  [{ fromMs: 5000, toMs: 4000 }, 'the part from 5s to 4s is empty'],
  [{ without: ['alice'] }, 'nobody is left'],
  [{ users: ['alcie'] }, 'no user "alcie"'],
  [
    {
      scenes: {
        version: 1,
        width: 1280,
        height: 720,
        fps: 25,
        durationMs: 1,
        scenes: [],
        speaking: 3,
      } as never,
    },
    'lists',
  ],
])('%j cannot be had', (request, message) => {
  expect(() => lookOf(request)).toThrow(message);
});

describe('scenes', () => {
  const place = { x: 0, y: 0, width: 64, height: 64 };
  const source = { sessionId: 's', trackId: 't', codec: 'vp8' } as const;
  const showing = (userId: string, more = {}): SceneList => ({
    ...{ version: 1, width: 1280, height: 720, fps: 25, durationMs: 1, speaking: [] },
    scenes: [
      { startMs: 0, tiles: [] },
      { startMs: 1, tiles: [{ userId, show: 'initials', place, ...more }] },
    ],
  });
  const tracks = ['alice', 'bob'].map((userId) => ({ userId, sessionId: 's', trackId: 't' }));
  const recording = { callType: 'default', callId: 'x', tracks } as never;
  const plan = (request: CompositeRequest) =>
    planComposite([{ number: 0, planned: { userId: 'alice' } }] as never, request, recording, {
      timestampMs: 0,
      recordedMs: 0,
    });

  test.each<[string, CompositeRequest, string]>([
    ['of another call', { scenes: showing('zoe') }, 'scene 2 shows "zoe", who is not in this recording'],
    [
      'of another recording of the same people',
      { scenes: showing('bob', { show: 'camera', source: { ...source, trackId: 'u' } }) },
      'scene 2 shows a track of "bob" that this recording does not have',
    ],
    [
      'of somebody who is left out',
      { scenes: showing('bob'), without: ['bob'] },
      'scene 2 shows "bob", who is left out',
    ],
  ])('%s · cannot be used', (_, request, message) => {
    expect(() => plan(request)).toThrow(message);
  });

  test('of this recording · can', () => {
    expect(plan({ scenes: showing('alice', { show: 'camera', source }), without: ['bob'] })).toHaveLength(3);
  });
});

test('letters and colours are drawn; a logo that is not there, and letters without a font, are named', async () => {
  const art = await openArt(
    lookOf({
      logo: '/nowhere/logo.png',
      title: 'Weekly',
      names: { alice: { name: 'Alice \u{10fffe}\ua98f' } },
    }),
  );
  const tile = art.initials('alice', { width: 320, height: 180 });
  // Letters are white, their ground is not.
  expect(Math.max(...tile.bytes.subarray(85 * 320, 95 * 320))).toBeGreaterThan(200);
  const label = art.label('alice', { width: 320, height: 180 });
  expect(label?.width).toBeGreaterThan(30);
  // Which would cover a face.
  expect(art.label('alice', { width: 64, height: 36 })).toBeUndefined();
  expect(art.overlays).toHaveLength(1);
  expect(art.lacks).toEqual([
    '/nowhere/logo.png cannot be shown: there is no such file',
    expect.stringContaining('no font for other scripts'),
  ]);
});

test('a name stands for its user, in the corner of a tile and by its initials', async () => {
  const size = { width: 320, height: 180 };
  const [named, bare] = await Promise.all([
    openArt(lookOf({ names: { alice: { name: 'Zoë Yang' } } })),
    openArt(lookOf({})),
  ]);
  expect(named.label('alice', size)).toEqual(bare.label('Zoë Yang', size));
  expect(named.label('alice', size)).not.toEqual(bare.label('alice', size));
  expect(named.initials('alice', size)).not.toEqual(bare.initials('alice', size));
  const hidden = await openArt(lookOf({ labels: false }));
  expect(hidden.label('alice', size)).toBeUndefined();
});

test('a name that is longer than its tile · is cut at its end', async () => {
  const size = { width: 320, height: 180 };
  const labelOf = async (name: string) =>
    (await openArt(lookOf({ names: { alice: { name } } }))).label('alice', size) ?? expect.fail();
  const start = 'Anna '.repeat(20);
  const [long, longer] = [await labelOf(`${start}Bauer`), await labelOf(`${start}${'Meier '.repeat(20)}`)];
  expect(long).toEqual(longer);
  expect(long.width).toBeLessThanOrEqual(320 - 2 * 4);
});

describe('a logo', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rawreel-logo-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A blue square, or what is left of one. */
  const PNG = createCanvas(80, 40);
  const context = PNG.getContext('2d');
  context.fillStyle = '#0000ff';
  context.fillRect(0, 0, 80, 40);
  const bytes = PNG.toBuffer('image/png');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>';

  const artOf = async (content: string | Uint8Array) => {
    const logo = join(folder, 'logo');
    writeFileSync(logo, content);
    return await openArt(lookOf({ logo, title: 'Weekly' }));
  };

  test.each<[string, string | Uint8Array]>([
    ['PNG', bytes],
    ['SVG', svg],
  ])('%s · stands in the header at the right, and the title beside it', async (_, content) => {
    const { overlays, lacks } = await artOf(content);
    expect(lacks).toEqual([]);
    const [logo, title] = overlays;
    if (logo === undefined || title === undefined) expect.fail();
    expect(logo.x + logo.sticker.width).toBe(1280 - gapOf(SIZE));
    expect(title.x + title.sticker.width).toBeLessThan(logo.x);
    for (const { y, sticker } of overlays)
      expect(y + sticker.height).toBeLessThanOrEqual(headerHeight(SIZE) + 6);
    expect(Math.min(...logo.sticker.opacity)).toBe(255);
    expect(Math.max(...title.sticker.bytes)).toBeGreaterThan(200);
  });

  test('what looks like an address · is a path, of a file that is not there', async () => {
    const logo = `data:image/png;base64,${bytes.toString('base64')}`;
    const { overlays, lacks } = await openArt(lookOf({ logo }));
    expect([overlays, lacks]).toEqual([
      [],
      [expect.stringMatching(/cannot be shown: (there is no such file|ENAMETOOLONG)/)],
    ]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['cut', bytes.subarray(0, 60), /nothing of it is seen|it is no PNG/],
    ['transparent', createCanvas(8, 8).toBuffer('image/png'), /nothing of it is seen/],
    ['a text', 'hello', /it is no PNG/],
    ['empty', '', /it is no PNG/],
  ])('%s · is told, and nothing stands for it', async (_, content, says) => {
    const { overlays, lacks } = await artOf(content);
    expect(lacks).toEqual([expect.stringMatching(says)]);
    expect(overlays).toHaveLength(1);
  });
});

test('letters of this machine · what a name lacks is what is told beforehand', async () => {
  const { areDrawn, missingScripts } = await lookForLetters();
  expect(areDrawn).toBe(true);
  const samples = { Korean: '한', Thai: 'ก', Hebrew: 'ש' };
  for (const [script, letter] of Object.entries(samples)) {
    const art = await openArt(lookOf({ names: { a: { name: letter } } }));
    art.label('a', { width: 320, height: 180 });
    expect([script, art.lacks.some((lack) => lack.includes(`for ${script}:`))]).toEqual([
      script,
      missingScripts.includes(script),
    ]);
  }
});
