import { printable } from '@rawreel/text';
import type { Caption, DisplayName } from '../plan/plan.ts';
import type { Span } from '../plan/scene-list.ts';
import { vttText, vttTimestamp } from '../speech/webvtt.ts';

/** Something that happens in a call, on the clock that it was told on. */
export interface Moment {
  readonly atMs: number;
  readonly title: string;
}

export interface Chapter {
  readonly startMs: number;
  readonly title: string;
}

interface Comings {
  readonly members: readonly { readonly userId: string; readonly present: readonly Span[] }[];
  readonly sources: readonly {
    readonly userId: string;
    readonly isShare: boolean;
    readonly on: readonly Span[];
  }[];
}

/** Chapters nearer than this are one, and none is shorter: a call that begins and ends is not a list of greetings. */
export const SHORTEST_MS = 5000;
/** Of more that happens at once, the first are told, and how many more. */
const TOLD = 4;

/** Where screens are shared, and where people come and go, in the order of time. */
export function momentsOf(
  { members, sources }: Comings,
  names: Readonly<Record<string, DisplayName>> = {},
): Moment[] {
  const nameOf = (userId: string) =>
    printable((Object.hasOwn(names, userId) ? names[userId]?.name : undefined) ?? userId);
  const moments = [
    ...members.flatMap(({ userId, present }) => aroundOf(present, nameOf(userId), ['joins', 'leaves'])),
    ...sources
      .filter(({ isShare }) => isShare)
      .flatMap(({ userId, on }) => aroundOf(on, nameOf(userId), ['shares a screen', 'stops sharing'])),
  ];
  return moments.sort((a, b) => a.atMs - b.atMs);
}

function aroundOf(spans: readonly Span[], name: string, [begins, ends]: readonly [string, string]): Moment[] {
  return spans.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, title: `${name} ${begins}` },
    { atMs: endMs, title: `${name} ${ends}` },
  ]);
}

/** Moments in the order of time → chapters of a file that has its zero where their clock has it. */
export function chaptersOf(moments: readonly Moment[], durationMs: number): Chapter[] {
  const chapters: { startMs: number; titles: string[] }[] = [];
  for (const { atMs, title } of moments) {
    if (chapters.length > 0 && atMs > durationMs - SHORTEST_MS) break;
    const last = chapters.at(-1);
    if (last !== undefined && atMs - last.startMs < SHORTEST_MS) last.titles.push(title);
    else chapters.push({ startMs: atMs < SHORTEST_MS ? 0 : atMs, titles: [title] });
  }
  return chapters.map(({ startMs, titles }) => ({ startMs, title: titleOf(titles) }));
}

function titleOf(titles: readonly string[]): string {
  const more = titles.length - TOLD;
  return more > 0 ? `${titles.slice(0, TOLD).join(', ')} and ${more} more` : titles.join(', ');
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

/** Each up to the next, the last to the end. */
function lasting(chapters: readonly Chapter[], durationMs: number): (Chapter & { readonly endMs: number })[] {
  return chapters
    .filter(({ startMs }) => startMs < durationMs)
    .map(({ startMs, title }, index, all) => ({
      title,
      startMs: Math.round(startMs),
      endMs: Math.round(all[index + 1]?.startMs ?? durationMs),
    }));
}

/** As ffmpeg reads them (its FFMETADATA1): what it takes for syntax is escaped. */
export function ffmetadata(chapters: readonly Chapter[], durationMs: number): string {
  const lines = lasting(chapters, durationMs).map(({ startMs, endMs, title }) => {
    const escaped = title.replaceAll(/[=;#\\\n]/g, '\\$&');
    return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${startMs}\nEND=${endMs}\ntitle=${escaped}\n`;
  });
  return `;FFMETADATA1\n${lines.join('')}`;
}

/** As browsers read them (W3C WebVTT, chapter cues): each is a cue, and its text the title. */
export function chaptersVtt(chapters: readonly Chapter[], durationMs: number): string {
  const cues = lasting(chapters, durationMs).map(
    ({ startMs, endMs, title }) => `${vttTimestamp(startMs)} --> ${vttTimestamp(endMs)}\n${vttText(title)}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}
