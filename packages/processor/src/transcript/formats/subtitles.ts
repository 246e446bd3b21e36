import type { Cue } from '../transcription.ts';

/**
 * WebVTT (W3C) and SubRip are read here: of the packages for both, one took a minute for 100 000 cues, and another kept the
 * carriage returns of Windows and failed at a blank line in WebVTT.
 *
 *     01:02:03.456 --> 01:02:05.000 align:start
 *
 *     [00:03.456 --> 00:05.000]  What whisper and whisper.cpp print.
 *
 * Hours may be missing; SubRip has a comma.
 */
const TIMES =
  /^\s*\[?((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\](.*)|\s|$)/;

/** Whether a text has lines as whisper and whisper.cpp print them: no JSON, though the first may begin with a bracket. */
export const isPrinted = (text: string): boolean => /^\[[\d:.]+ --> [\d:.]+\]/m.test(text);

/** A cue lasts to the next empty line; what has no times, a header, a note or a style, is no cue. */
export function cuesOfSubtitles(text: string): Cue[] {
  const cues: Cue[] = [];
  let times: RegExpExecArray | null = null;
  let lines: string[] = [];
  const finish = () => {
    if (times !== null) cues.push(cueOf(times, lines));
    times = null;
    lines = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const found = TIMES.exec(line);
    if (found !== null) {
      // Of a file whose cues have no empty line between them, the last line may be the number of the next.
      if (times !== null && /^\d+$/.test(lines.at(-1)?.trim() ?? '')) lines.pop();
      finish();
      times = found;
      if (found[3] !== undefined) lines = [found[3]];
    } else if (line.trim() === '') finish();
    else lines.push(line);
  }
  finish();
  return cues;
}

function cueOf([, start = '', end = '']: readonly string[], lines: readonly string[]): Cue {
  const raw = lines.join('\n');
  const speaker = /^\s*<v(?:\.[^\s>]*)?[ \t]+([^>]+)>/.exec(raw)?.[1];
  return {
    startMs: timestampMs(start),
    endMs: timestampMs(end),
    text: plainText(raw),
    speaker: speaker === undefined ? undefined : decoded(speaker).trim(),
  };
}

function timestampMs(text: string): number {
  const [seconds = '0', minutes = '0', hours = '0'] = text.replace(',', '.').split(':').reverse();
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** Tags of both formats (`<i>`, `<v Alice>`, `<00:01.000>`), and places that SubRip has from others (`{\an8}`). */
const plainText = (raw: string): string => decoded(raw.replace(/<\/?[a-z0-9][^<>]*>|\{\\[^{}]*\}/gi, ''));

const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&lrm;': '',
  '&rlm;': '',
};

const decoded = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (reference) => REFERENCES[reference] ?? reference);
