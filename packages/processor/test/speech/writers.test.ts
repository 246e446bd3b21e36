import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { probePackets } from '@rawreel/fixtures/judge';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechDocument, writeSpeechJson } from '../../src/speech/json.ts';
import { rttmField, writeRttm } from '../../src/speech/rttm.ts';
import type { SpeakerTurns } from '../../src/speech/speaker-turns.ts';
import { vttText, vttTimestamp, writeWebVtt } from '../../src/speech/webvtt.ts';

const run = promisify(execFile);

const speaker = (userId: string, ...turns: [number, number][]): SpeakerTurns => ({
  userId,
  tracks: [
    {
      sessionId: `session of ${userId}`,
      trackId: 't',
      trackType: 'TRACK_TYPE_AUDIO',
      evidence: 'level',
    },
  ],
  turns: turns.map(([startMs, endMs]) => ({ startMs, endMs })),
});

const HOSTILE = `eve'; $(touch pwned) "q"`;

describe('RTTM', () => {
  test('a line for each turn, in the order of time, seconds', () => {
    const text = writeRttm('default call', [
      speaker('alice', [400.04, 3000], [36_000_000, 36_000_500.6]),
      speaker(HOSTILE, [0, 1000]),
      speaker('', [2000, 2000.2]),
    ]);
    expect(text.split('\n')).toEqual([
      `SPEAKER default%20call 1 0.000 1.000 <NA> <NA> eve';%20$(touch%20pwned)%20"q" <NA> <NA>`,
      'SPEAKER default%20call 1 0.400 2.600 <NA> <NA> alice <NA> <NA>',
      'SPEAKER default%20call 1 2.000 0.001 <NA> <NA> <NA> <NA> <NA>',
      'SPEAKER default%20call 1 36000.000 0.501 <NA> <NA> alice <NA> <NA>',
      '',
    ]);
  });

  test.each([
    ['alice', 'alice'],
    ['<NA>', '%3CNA%3E'],
    ['a b\tc\nd\u2028e', 'a%20b%09c%0Ad%E2%80%A8e'],
    ['100%', '100%25'],
    ['\u0000\u202e', '%00%E2%80%AE'],
    ['Zoë 🐈', 'Zoë%20🐈'],
  ])('id %j is %s', (id, field) => {
    expect(rttmField(id)).toBe(field);
  });

  test('any id is one field, and comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
        expect(rttmField(id)).toMatch(/^\S+$/);
        expect(decodeURIComponent(rttmField(id))).toBe(id.toWellFormed());
      }),
    );
  });
});

describe('WebVTT', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rawreel-vtt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    [0, '00:00:00.000'],
    [61_001.5, '00:01:01.002'],
    [59_999.7, '00:01:00.000'],
    [3_599_999, '00:59:59.999'],
    [360_000_000, '100:00:00.000'],
    [-3, '00:00:00.000'],
  ])('%d ms is %s', (ms, timestamp) => {
    expect(vttTimestamp(ms)).toBe(timestamp);
  });

  test.each([
    ['a & b', 'a &amp; b'],
    ['</v><b>', '&lt;/v&gt;&lt;b&gt;'],
    ['00:00 --> 00:01', '00:00 --&gt; 00:01'],
    ['a\n\nNOTE b\r\u2028c', 'a NOTE b c'],
    ['\u0000\u202e x ', 'x'],
    [HOSTILE, HOSTILE],
  ])('%j is written %s', (text, written) => {
    expect(vttText(text)).toBe(written);
  });

  test('cues in the order of time with voices; the head carries the note', () => {
    const text = writeWebVtt('call default:x', [
      speaker('alice', [400, 3000.4]),
      speaker('bob', [300, 500]),
      speaker('', [7000, 7000]),
    ]);
    expect(text).toBe(
      [
        'WEBVTT',
        '',
        'NOTE call default:x',
        '',
        '00:00:00.300 --> 00:00:00.500',
        '<v bob>bob</v>',
        '',
        '00:00:00.400 --> 00:00:03.000',
        '<v alice>alice</v>',
        '',
        '00:00:07.000 --> 00:00:07.001',
        '<v ?>?</v>',
        '',
      ].join('\n'),
    );
  });

  test('ffmpeg reads every cue where it was put, whatever the names', async () => {
    const names = ['alice', HOSTILE, 'a\n\n00:00:09.000 --> 00:00:10.000\nb', '-->', '<v x>&lt;', 'NOTE', ''];
    const path = join(folder, 'x.vtt');
    const speakers = names.map((name, i) =>
      speaker(name, [i * 1000, i * 1000 + 1500], [36_000_000 + i, 36_000_900]),
    );
    await writeFile(path, writeWebVtt('a --> b\n\nc', speakers));
    const { stderr } = await run('ffmpeg', [
      '-v',
      'warning',
      '-i',
      path,
      '-map',
      '0',
      '-c',
      'copy',
      '-f',
      'null',
      '-',
    ]);
    expect(stderr).toBe('');
    const packets = await probePackets(path, 's:0');
    const expected = speakers
      .flatMap(({ turns }) => turns.map(({ startMs }) => startMs))
      .sort((a, b) => a - b);
    expect(packets.map(({ ptsMs }) => ptsMs)).toEqual(expected);
    const decoded = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'srt', '-']);
    expect(decoded.stdout).toContain(HOSTILE);
    expect(decoded.stdout).toContain('a 00:00:09.000 --> 00:00:10.000 b');
  });

  test('any name makes one cue of two lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const [head, cue, ...more] = writeWebVtt('', [speaker(name, [0, 10])]).split('\n\n');
        expect([head, more]).toEqual(['WEBVTT', []]);
        expect(cue).toMatch(/^[^\n]+ --> [^\n]+\n<v [^<>\r\n]+>[^<>\r\n]+<\/v>\n$/);
      }),
    );
  });
});

describe('JSON', () => {
  test('call, zero, participants with their files, turns in tenths of a ms', () => {
    const call = { type: 'default', id: 'c', sessionId: 's', startMs: 5 };
    const alice = { ...speaker('alice', [0.04, 1234.567]), file: 'alice.flac' };
    const document = speechDocument(call, 1_795_167_000_250, [alice, speaker('bob')]);
    expect(JSON.parse(writeSpeechJson(document))).toEqual({
      version: 1,
      call,
      startsAt: '2026-11-20T09:30:00.250Z',
      participants: [
        {
          userId: 'alice',
          file: 'alice.flac',
          tracks: alice.tracks,
          turns: [{ startMs: 0, endMs: 1234.6 }],
        },
        {
          userId: 'bob',
          tracks: speaker('bob').tracks,
          turns: [],
        },
      ],
    });
  });
});
