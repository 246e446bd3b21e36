import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { writeTimeline } from '../../src/handoff/write-timeline.ts';
import { timelineFor, WILD } from './example.ts';
import {
  type JudgedFcpxml,
  type JudgedProject,
  type JudgedTimeline,
  readByOthers,
} from './timeline-judge.ts';

let folder = '';
let otio: JudgedTimeline;
let premiere: JudgedTimeline;
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
  )) as [JudgedTimeline, JudgedTimeline, JudgedFcpxml, JudgedProject];
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
    expect(otio.markers.map(([, from, length]) => [from, length])).toEqual([
      [0, 1],
      [126, 74],
      [150, 1],
      [200, 100],
      [300, 1],
    ]);
  });

  it('Premiere’s XML is the same, with a track for each channel', () => {
    expect(clipsOf(premiere)).toEqual([...PICTURES, ALICE, BOB, BOB]);
    expect(premiere.tracks[0]?.clips[0]?.name).toBe(IN_XML);
    expect(premiere.markers.map(([name, from]) => [name, from])).toContainEqual(['bob: away', 200]);
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
    expect(fcpxml.assets).toEqual([
      [IN_XML, 'proxy_alice.mp4', '500/25s'],
      [`${IN_XML} (screen)`, 'proxy_alice_shared.mp4', '175/25s'],
      [IN_XML, 'stem%20alice%231.wav', '500/25s'],
      ['bob', 'stem_bob.wav', '500/25s'],
    ]);
    expect(fcpxml.markers).toContainEqual(['bob: away', '200/25s']);
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
  expect(reaper.tracks[0]?.name).toContain('一');
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
