import type { Cue } from '../transcription.ts';

/** A word as a service tells it. */
export interface Word {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  /** Stands at the word before it, without a blank: a mark, or a part of a word. */
  readonly isAttached?: boolean | undefined;
}

/** Two lines of a caption, as broadcasters have them. */
const MOST_CHARACTERS = 84;

const LONGEST_MS = 7000;

/** A reader's pace, as captions are made for: 15 characters a second. */
export const readingMs = (text: string): number => Math.min(LONGEST_MS, 500 + (text.length * 1000) / 15);

/** Scripts that have no blanks between words. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff00-\uff65]$/u;

/** What stands between two words. */
const blankBetween = (before: string, after: string): string =>
  UNSPACED.test([...before].at(-1) ?? '') && UNSPACED.test([...after][0] ?? '') ? '' : ' ';

/** Somebody who pauses for so long begins anew. */
const PAUSE_MS = 800;

/** A sentence ends; also within quotes and brackets, and in scripts that have marks of their own. */
const SENTENCE_END = /[.?!…。？！؟۔।]["'”’»)\]]*$/u;

/** Words as sentences, or as much of one as can be read at a time. */
export function cuesOfWords(words: readonly Word[]): Cue[] {
  const cues: { startMs: number; endMs: number; text: string }[] = [];
  let hasEnded = true;
  for (const { startMs, endMs, text, isAttached = false } of words) {
    const last = cues.at(-1);
    if (last !== undefined && isAttached) {
      last.text += text;
      if (endMs > last.endMs) last.endMs = endMs;
    } else if (last === undefined || hasEnded || !fits(last, { startMs, endMs, text })) {
      cues.push({ startMs, endMs, text });
    } else {
      last.text += blankBetween(last.text, text) + text;
      last.endMs = Math.max(last.endMs, endMs);
    }
    hasEnded = SENTENCE_END.test(cues.at(-1)?.text ?? '');
  }
  return cues;
}

const fits = (cue: Cue, { startMs, endMs, text }: Word): boolean =>
  startMs - cue.endMs < PAUSE_MS &&
  endMs - cue.startMs <= LONGEST_MS &&
  cue.text.length + 1 + text.length <= MOST_CHARACTERS;
