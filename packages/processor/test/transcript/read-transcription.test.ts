import { describe, expect, it, test } from 'vitest';
import { JSON_FORMATS } from '../../src/transcript/formats/json-formats.ts';
import { readTranscription } from '../../src/transcript/read-transcription.ts';
import { FORMATS, SENTENCES } from './formats.ts';

const said = (text: string) =>
  readTranscription(text).cues.map(({ startMs, endMs, text: words }) => ({ startMs, endMs, text: words }));

describe('JSON of a transcriber', () => {
  it.each(FORMATS)(
    '%s in %s · is told by its fields, and has its sentences in their time',
    (name, language, written) => {
      const text = JSON.stringify(written);
      const { format, language: found } = readTranscription(text);
      expect([format, found]).toEqual([name, language]);
      expect(said(text)).toEqual(SENTENCES);
    },
  );

  it('no format is without an example', () => {
    const shown = new Set(FORMATS.map(([name]) => name));
    expect(JSON_FORMATS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });

  it('cues that come in another order · are in the order of time', () => {
    const segments = [
      { start: 5, end: 6, text: 'Second.' },
      { start: 1, end: 2, text: 'First.' },
    ];
    expect(said(JSON.stringify({ segments })).map(({ text }) => text)).toEqual(['First.', 'Second.']);
  });

  it('words become sentences, and parts of one where it is long or somebody pauses', () => {
    const words = Array.from({ length: 40 }, (_, index) => ({
      text: `word${index}`,
      start: index * 300 + (index >= 30 ? 2000 : 0),
      end: index * 300 + 280 + (index >= 30 ? 2000 : 0),
    }));
    const cues = said(JSON.stringify({ words }));
    expect(cues.map(({ text }) => text).join(' ')).toBe(words.map(({ text }) => text).join(' '));
    expect(Math.max(...cues.map(({ text }) => text.length))).toBeLessThanOrEqual(84);
    expect(cues.some(({ startMs }) => startMs === 11_000)).toBe(true);
  });

  it('words of scripts without blanks · are joined without', () => {
    const of = (...words: string[]) =>
      said(JSON.stringify({ words: words.map((text) => ({ text, start: 0, end: 1 })) }))[0]?.text;
    expect(of('今日', 'は', 'OK', 'です。')).toBe('今日は OK です。');
    expect(of('สวัสดี', 'ครับ')).toBe('สวัสดีครับ');
    expect(of('안녕', '하세요')).toBe('안녕 하세요');
  });

  it('a chunk without an end · lasts as long as it is read', () => {
    const text = JSON.stringify({ chunks: [{ timestamp: [2, null], text: 'Nobody knows when it ends.' }] });
    const [cue] = said(text);
    expect(cue?.startMs).toBe(2000);
    expect(cue?.endMs).toBeGreaterThan(3500);
    expect(cue?.endMs).toBeLessThan(5000);
  });

  it.each([
    ['another program’s', '{"name":"rawreel","version":"1.0.0"}', /none of .*whisper/],
    ['cut', '{"segments":[{"start":0', /is no JSON/],
    ['nested beyond reason', '['.repeat(200_000), /is no JSON/],
    [
      'a page of a portal',
      '<html><body>Sign in</body></html>',
      /neither WebVTT, SRT nor JSON .*begins with "<html>/,
    ],
  ])('%s · is refused in words', (_, text, says) => {
    expect(() => readTranscription(text)).toThrow(says);
  });

  it('times that cannot be and cues without words are left out, and counted', () => {
    const segment = (start: unknown, end: unknown, text: unknown = 'x') => ({ start, end, text });
    const segments = [
      segment(1, 2, 'kept'),
      segment(-1, 2),
      segment(3, 2),
      segment('1e3', 2),
      segment(1e12, 2e12),
      segment(null, 2),
      segment(1, 2, '  \n '),
      segment(1, 2, { toString: 'x' }),
      'no segment',
    ];
    expect(readTranscription(JSON.stringify({ segments }))).toMatchObject({
      cues: [{ startMs: 1000, endMs: 2000, text: 'kept' }],
      leftOut: 8,
    });
    expect(said('{"segments":[{"start":1e999,"end":1e999,"text":"x"}]}')).toEqual([]);
  });

  it('what is not a language is not told as one', () => {
    const text = JSON.stringify({ segments: [], language: '../../etc' });
    expect(readTranscription(text).language).toBeUndefined();
  });
});

describe('subtitles', () => {
  test('WebVTT · notes, styles, settings and tags are no words; a voice is a speaker', () => {
    const vtt = [
      'WEBVTT - made by hand',
      '',
      'STYLE\n::cue { color: red }',
      '',
      'NOTE 00:00 --> nowhere',
      '',
      'first\n00:00.500 --> 00:01.750 align:start\n<v.loud Alice &amp; Bob>Hello <i>there</i>.</v>',
      '',
      '00:00:03.250 --> 00:00:04.000\n1 &lt; 2 <00:00:03.500>and\nmore',
      '',
    ].join('\n');
    expect(readTranscription(vtt)).toEqual({
      format: 'webvtt',
      language: undefined,
      leftOut: 0,
      cues: [
        { startMs: 500, endMs: 1750, text: 'Hello there.', speaker: 'Alice & Bob' },
        { startMs: 3250, endMs: 4000, text: '1 < 2 and\nmore', speaker: undefined },
      ],
    });
  });

  test('SRT of Windows, with places, and without empty lines · is read', () => {
    const srt =
      '\ufeff1\r\n00:00:00,500 --> 00:00:01,750\r\n{\\an8}Hello <b>there</b>.\r\n2\r\n00:00:03,250 --> 00:00:04,000\r\nBye.\r\n';
    expect(readTranscription(srt).format).toBe('srt');
    expect(said(srt)).toEqual(SENTENCES);
  });

  test('lines that whisper prints · are read', () => {
    const text = [
      'Detected language: English',
      '[00:00.000 --> 00:02.500]  Hello there.',
      '',
      '[01:00:02.500 --> 01:00:04.000]   Bye.\r',
    ].join('\n');
    const cues = [
      { startMs: 0, endMs: 2500, text: 'Hello there.' },
      { startMs: 3_602_500, endMs: 3_604_000, text: 'Bye.' },
    ];
    expect(said(text)).toEqual(cues);
    expect(said(text.slice(text.indexOf('[')))).toEqual(cues);
  });

  // A reader who looks back from each takes ten minutes for any of them.
  test('300,000 cues, and a line of three million tags · take no longer than they are long', () => {
    const cue = (index: number) =>
      `${index}\n00:00:${String(index % 60).padStart(2, '0')},000 --> 99:00:00,000\nx\n`;
    const srt = Array.from({ length: 300_000 }, (_, index) => cue(index)).join('\n');
    expect(readTranscription(srt).cues).toHaveLength(300_000);
    expect(said(`WEBVTT\n\n00:01.000 --> 00:02.000\n${'<'.repeat(3_000_000)}`)).toHaveLength(1);
    expect(said(`WEBVTT\n\n00:01.000 --> 00:02.000\n${'{\\'.repeat(1_500_000)}`)).toHaveLength(1);
  });

  test('a file of nothing · is a transcription of silence', () => {
    expect(readTranscription('WEBVTT\n\n').cues).toEqual([]);
    expect(readTranscription('').cues).toEqual([]);
  });
});
