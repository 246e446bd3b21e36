import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { writeTimeline } from '../../src/handoff/write-timeline.ts';
import { timelineFor, WILD } from './example.ts';
import {
  type JudgedFcpxml,
  type JudgedPremiere,
  type JudgedProject,
  type JudgedTimeline,
  readByOthers,
} from './timeline-judge.ts';

let folder = '';
let otio: JudgedTimeline;
let premiere: JudgedPremiere;
let fcpxml: JudgedFcpxml;
let reaper: JudgedProject;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-timeline-'));
  const timeline = timelineFor({ alice: { name: WILD } });
  const path = (name: string, format: Parameters<typeof writeTimeline>[1]) => {
    writeFileSync(join(folder, name), writeTimeline(timeline, format));
    return join(folder, name);
  };
  [otio, premiere, fcpxml, reaper] = (await readByOthers(
    path('a.otio', 'otio'),
    path('a.xml', 'premiere'),
    path('a.fcpxml', 'fcpxml'),
    path('a.rpp', 'reaper'),
  )) as [JudgedTimeline, JudgedPremiere, JudgedFcpxml, JudgedProject];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What XML cannot say is shown as such. */
const IN_XML = WILD.replace('\u0007', '\ufffd');

const clipsOf = ({ tracks }: JudgedTimeline) =>
  tracks.map(({ kind, clips }) => [
    kind,
    ...clips.map(({ from, to, in: inside, url }) => [from, to, inside, url]),
  ]);

const PICTURES = [
  ['Video', [2, 126, 2, 'proxy_alice.mp4'], [200, 500, 200, 'proxy_alice.mp4']],
  ['Video', [150, 175, 150, 'proxy_alice_shared.mp4']],
];
const ALICE = ['Audio', [0, 500, 0, 'stem%20alice%231.wav']];
const BOB = ['Audio', [0, 500, 0, 'stem_bob.wav']];

describe('read by OpenTimelineIO', () => {
  it('the timeline is what was meant, name by name and picture by picture', () => {
    expect(clipsOf(otio)).toEqual([...PICTURES, ALICE, BOB]);
    expect(otio.tracks.map(({ name }) => name)).toEqual([WILD, `${WILD} (screen)`, WILD, 'bob']);
    expect(otio.markers).toEqual([
      [expect.stringContaining('joins, bob joins'), 0, 1, 'GREEN'],
      [`${WILD}: camera off`, 126, 74, 'RED'],
      [expect.stringContaining('shares a screen'), 150, 1, 'GREEN'],
      ['bob: away', 200, 100, 'ORANGE'],
      ['bob joins', 300, 1, 'GREEN'],
    ]);
  });

  it('its times are at its rate, from zero on, and its media is as long as the files', () => {
    expect([otio.rates, otio.start]).toEqual([[25], 0]);
    const clips = otio.tracks.flatMap(({ clips }) => clips);
    expect(clips.map(({ media, enabled }) => [media, enabled])).toEqual([
      [[0, 500], true],
      [[0, 500], true],
      [[0, 175], true],
      [[0, 500], true],
      [[0, 500], true],
    ]);
    expect(otio.metadata).toEqual({ startsAt: '2026-11-20T09:29:59.980Z', madeBy: 'test 1' });
  });

  it('Premiere’s XML is the same, with a track for each channel', () => {
    expect(clipsOf(premiere.timeline)).toEqual([...PICTURES, ALICE, BOB, BOB]);
    expect(premiere.timeline.tracks[0]?.clips[0]?.name).toBe(IN_XML);
    expect(premiere.markers).toEqual([
      [expect.stringContaining('joins, bob joins'), '0', '-1'],
      [`${IN_XML}: camera off`, '126', '200'],
      [expect.stringContaining('shares a screen'), '150', '-1'],
      ['bob: away', '200', '300'],
      ['bob joins', '300', '-1'],
    ]);
  });

  it('Premiere’s XML has one rate, and clips no longer than what is used of their files', () => {
    expect(premiere.timeline.rates).toEqual([25]);
    expect([premiere.rates, premiere.duration]).toEqual([[['25', 'FALSE']], '500']);
    expect([premiere.start, premiere.size]).toEqual([
      ['00:00:00:00', '0'],
      ['1280', '720'],
    ]);
    expect(premiere.items).toEqual([
      ['2', '126', '2', '126', '500', 'video', '1'],
      ['200', '500', '200', '500', '500', 'video', '1'],
      ['150', '175', '150', '175', '175', 'video', '1'],
      ['0', '500', '0', '500', '500', 'audio', '1'],
      ['0', '500', '0', '500', '500', 'audio', '1'],
      ['0', '500', '0', '500', '500', 'audio', '2'],
    ]);
    expect(premiere.files).toEqual([
      ['proxy_alice.mp4', 'proxy_alice.mp4', '500', '1280', '1', '48000'],
      ['proxy_alice_shared.mp4', 'proxy_alice_shared.mp4', '175', '1280', null, null],
      ['stem alice#1.wav', 'stem%20alice%231.wav', '500', null, '1', '48000'],
      ['stem_bob.wav', 'stem_bob.wav', '500', null, '2', '48000'],
    ]);
  });

  it('Final Cut’s XML is the same, pictures above the gap and sound below', () => {
    const byKind = (wanted: string) =>
      fcpxml.timeline.tracks
        .filter(({ kind }) => kind === wanted)
        .map(({ clips }) => clips.map(({ from, to, in: inside }) => [from, to, inside]));
    expect(byKind('Video')).toEqual([
      [
        [2, 126, 2],
        [200, 500, 200],
      ],
      [[150, 175, 150]],
    ]);
    expect(byKind('Audio')).toEqual([[[0, 500, 0]], [[0, 500, 0]]]);
    expect(fcpxml.markers).toEqual([
      [expect.stringContaining('joins, bob joins'), '0s', '1/25s'],
      [`${IN_XML}: camera off`, '126/25s', '74/25s'],
      [expect.stringContaining('shares a screen'), '150/25s', '1/25s'],
      ['bob: away', '200/25s', '100/25s'],
      ['bob joins', '300/25s', '1/25s'],
    ]);
  });

  it('Final Cut’s XML says what is in each file, and is as long as the call', () => {
    const picture = { hasVideo: '1', format: 'r0', start: '0s' };
    const sound = { hasAudio: '1', audioSources: '1', audioRate: '48000', start: '0s' };
    const [alice, bob] = [
      { ...sound, audioChannels: '1' },
      { ...sound, audioChannels: '2' },
    ];
    const screen = { name: `${IN_XML} (screen)`, src: 'proxy_alice_shared.mp4', duration: '175/25s' };
    expect(fcpxml.assets).toEqual([
      { id: 'r1', name: IN_XML, src: 'proxy_alice.mp4', duration: '500/25s', ...picture, ...alice },
      { id: 'r2', ...screen, ...picture },
      { id: 'r3', name: IN_XML, src: 'stem%20alice%231.wav', duration: '500/25s', ...alice },
      { id: 'r4', name: 'bob', src: 'stem_bob.wav', duration: '500/25s', ...bob },
    ]);
    expect(fcpxml.formats).toEqual([{ id: 'r0', frameDuration: '1/25s', width: '1280', height: '720' }]);
    expect(fcpxml.sequence).toMatchObject({ format: 'r0', duration: '500/25s', audioRate: '48k' });
    // The sound of a picture is in its stem as well.
    expect(fcpxml.clips.map(({ srcEnable, audioRole }) => srcEnable ?? audioRole)).toEqual([
      'video',
      'video',
      'video',
      'dialogue',
      'dialogue',
    ]);
  });
});

test('Reaper · items lie at their seconds, and no name ends its quotes', () => {
  expect(reaper.tracks.map(({ items }) => items)).toEqual([
    [
      ['0.080000', '4.960000', '0.080000', 'proxy_alice.mp4'],
      ['8.000000', '12.000000', '8.000000', 'proxy_alice.mp4'],
    ],
    [['6.000000', '1.000000', '6.000000', 'proxy_alice_shared.mp4']],
    [['0.000000', '20.000000', '0.000000', 'stem alice#1.wav']],
    [['0.000000', '20.000000', '0.000000', 'stem_bob.wav']],
  ]);
  // The sound of a picture is in its stem as well.
  const name = expect.stringContaining('一');
  expect(reaper.tracks.map(({ name: own, shown }) => [own, ...shown])).toEqual([
    [name, [name, 'VIDEO', '1'], [name, 'VIDEO', '1']],
    [name, [name, 'VIDEO', '1']],
    [name, [name, 'WAVE', '0']],
    ['bob', ['bob', 'WAVE', '0']],
  ]);
  expect(reaper.settings).toMatchObject({
    VIDEO_CONFIG: ['1280', '720', '256'],
    SAMPLERATE: ['48000', '1', '0'],
  });
  expect(reaper.settings['TIMEMODE']?.[3]).toBe('25');
  expect(reaper.markers).toContainEqual(['4', '8.000000', 'bob: away', '1']);
  expect(reaper.markers).toContainEqual(['4', '12.000000', '', '1']);
});

test('Reaper · no item begins anew behind the end of its file', () => {
  const project = writeTimeline(timelineFor(), 'reaper');
  expect(project.match(/^ +LOOP 0$/gm)).toHaveLength(project.match(/<ITEM/g)?.length ?? -1);
});

test('Audacity · a label for each turn, a file for each stem', () => {
  const timeline = timelineFor();
  expect(writeTimeline(timeline, 'labels')).toBe('1.0002\t3.0000\talice\n2.5000\t4.0000\tbob\n');
  expect(writeTimeline(timeline, 'audacity')).toBe(
    'window\nfile "stem alice#1.wav" offset 0\nfile "stem_bob.wav" offset 0\n',
  );
});

test('a podcast · chapters in seconds, and words for its page', () => {
  const timeline = timelineFor();
  expect(JSON.parse(writeTimeline(timeline, 'chapters'))).toEqual({
    version: '1.2.0',
    title: 'default:standup',
    chapters: [
      { startTime: 0, endTime: 6, title: 'alice joins, bob joins' },
      { startTime: 6, endTime: 12, title: 'alice shares a screen, alice stops sharing, bob leaves' },
      { startTime: 12, endTime: 20.01, title: 'bob joins' },
    ],
  });
  expect(writeTimeline(timeline, 'notes')).toBe(
    [
      'default:standup',
      'Recorded 2026-11-20 · 0:20',
      '',
      'With alice, bob',
      '',
      'alice speaks for 0:01',
      'bob speaks for 0:01',
      '',
      'Chapters',
      '0:00 alice joins, bob joins',
      '0:06 alice shares a screen, alice stops sharing, bob leaves',
      '0:12 bob joins',
      '',
    ].join('\n'),
  );
});

test('a podcast of more than an hour · times have hours, as players link them', () => {
  const long = {
    ...timelineFor(),
    durationMs: 3_723_400,
    chapters: [{ startMs: 3_601_000, title: 'an hour' }],
  };
  const notes = writeTimeline(long, 'notes');
  expect(notes).toContain('Recorded 2026-11-20 · 1:02:03\n');
  expect(notes).toContain('\n1:00:01 an hour\n');
});
