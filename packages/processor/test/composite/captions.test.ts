import { describe, expect, it, test } from 'vitest';
import { type CaptionsVtt, captionsVtt } from '../../src/composite/captions.ts';
import { languageCode } from '../../src/plan/language-code.ts';

const caption = (startMs: number, endMs: number, text: string, speaker?: string) => ({
  startMs,
  endMs,
  text,
  speaker,
});

/** Lines of a cue each: its times, then its words. */
const cuesOf = (vtt: CaptionsVtt | undefined) => vtt?.text.trim().split('\n\n').slice(1);

describe('captions of a film', () => {
  it('count from its zero, and end with it', () => {
    const captions = [
      caption(1000, 4000, 'before'),
      caption(4500, 6000, 'across the beginning', 'Ann'),
      caption(9000, 99_000, 'across the end'),
      caption(20_000, 21_000, 'behind'),
    ];
    expect(cuesOf(captionsVtt(captions, { offsetMs: 5000, durationMs: 10_000 }))).toEqual([
      '00:00:00.000 --> 00:00:01.000\nAnn: across the beginning',
      '00:00:04.000 --> 00:00:10.000\nacross the end',
    ]);
    expect(captionsVtt(captions, { offsetMs: 200_000, durationMs: 1000 })).toBeUndefined();
  });

  it('those at the same time · stand below each other while both last, in the order of who began', () => {
    const captions = [
      caption(0, 3000, 'one', 'A'),
      caption(1000, 2000, 'two\nlines', 'B'),
      caption(3000, 4000, 'three'),
    ];
    expect(cuesOf(captionsVtt(captions, { offsetMs: 0, durationMs: 10_000 }))).toEqual([
      '00:00:00.000 --> 00:00:01.000\nA: one',
      '00:00:01.000 --> 00:00:02.000\nA: one\nB: two\nlines',
      '00:00:02.000 --> 00:00:03.000\nA: one',
      '00:00:03.000 --> 00:00:04.000\nthree',
    ]);
  });

  it('a crowd · no more than three are read at a time, and no word is markup', () => {
    const captions = Array.from({ length: 2000 }, (_, index) => caption(index, 5000, `<b>${index} --> &`));
    const cues = cuesOf(captionsVtt(captions, { offsetMs: 0, durationMs: 5000 }));
    expect(Math.max(...(cues ?? []).map((cue) => cue.split('\n').length))).toBe(4);
    expect(cues?.at(-1)).toContain('&lt;b&gt;1999 --&gt; &amp;');
  });
});

test.each([
  ['en', 'eng'],
  ['de-DE', 'deu'],
  ['en_us', 'eng'],
  ['eng', 'eng'],
  ['constructor', undefined],
  [undefined, undefined],
])('the language %s is %s in a container', (tag, code) => {
  expect(languageCode(tag)).toBe(code);
});
