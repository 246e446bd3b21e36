import { printable } from '@rawreel/text';
import type { Caption, DisplayName } from '../plan/plan.ts';
import type { Cast } from './scenes/cast.ts';

export interface Chapter {
  readonly startMs: number;
  readonly title: string;
}

/** Chapters nearer than this are one, and none is shorter: a call that begins and ends is not a list of greetings. */
const SHORTEST_MS = 5000;

/** Where screens are shared, and where people come and go. */
export function chaptersOf(
  { members, sources, durationMs }: Cast,
  names: Readonly<Record<string, DisplayName>>,
): Chapter[] {
  const nameOf = (userId: string) => printable(names[userId]?.name ?? userId);
  const events: Chapter[] = [];
  for (const { userId, present } of members) {
    for (const { startMs, endMs } of present)
      events.push(
        { startMs, title: `${nameOf(userId)} joins` },
        { startMs: endMs, title: `${nameOf(userId)} leaves` },
      );
  }
  for (const { userId, isShare, on } of sources) {
    if (!isShare) continue;
    for (const { startMs, endMs } of on)
      events.push(
        { startMs, title: `${nameOf(userId)} shares a screen` },
        { startMs: endMs, title: `${nameOf(userId)} stops sharing` },
      );
  }
  events.sort((a, b) => a.startMs - b.startMs);
  const chapters: { startMs: number; title: string }[] = [];
  for (const { startMs, title } of events) {
    if (chapters.length > 0 && startMs > durationMs - SHORTEST_MS) break;
    const last = chapters.at(-1);
    if (last !== undefined && startMs - last.startMs < SHORTEST_MS) last.title = `${last.title}, ${title}`;
    else chapters.push({ startMs: chapters.length === 0 ? 0 : startMs, title });
  }
  return chapters;
}

/** The chapters with the first words that are said in each; `offsetMs` is from the captions' zero to the chapters'. */
export function withFirstWords(
  chapters: readonly Chapter[],
  captions: readonly Caption[],
  offsetMs: number,
): Chapter[] {
  const spoken = captions.toSorted((a, b) => a.startMs - b.startMs);
  return chapters.map(({ startMs, title }, index) => {
    const endMs = chapters[index + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const first = spoken.find((caption) => {
      const atMs = caption.startMs - offsetMs;
      return atMs >= startMs && atMs < endMs;
    });
    return { startMs, title: first === undefined ? title : `${title}: ${firstWords(first.text)}` };
  });
}

const MOST_CHARACTERS = 40;
const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' });

function firstWords(text: string): string {
  const line = printable(text.replaceAll(/\s+/g, ' ').trim());
  if (line.length <= MOST_CHARACTERS) return line;
  let words = '';
  for (const { segment } of WORDS.segment(line)) {
    if (words.length + segment.length > MOST_CHARACTERS) break;
    words += segment;
  }
  return `${words.trimEnd()}…`;
}

/** As ffmpeg reads them (its FFMETADATA1): what it takes for syntax is escaped. */
export function ffmetadata(chapters: readonly Chapter[], durationMs: number): string {
  const lines = chapters
    .filter(({ startMs }) => startMs < durationMs)
    .map(({ startMs, title }, index, all) => {
      const endMs = Math.round(all[index + 1]?.startMs ?? durationMs);
      const escaped = title.replaceAll(/[=;#\\\n]/g, '\\$&');
      return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${Math.round(startMs)}\nEND=${endMs}\ntitle=${escaped}\n`;
    });
  return `;FFMETADATA1\n${lines.join('')}`;
}
