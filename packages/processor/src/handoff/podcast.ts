import { jsonText, printable } from '@rawreel/text';
import type { Timeline } from './timeline.ts';

/** JSON chapters of the podcast namespace, version 1.2. */
export const writeChapters = ({ name, chapters, durationMs }: Timeline): string =>
  jsonText({
    version: '1.2.0',
    title: name,
    chapters: chapters
      .filter(({ startMs }) => startMs < durationMs)
      .map(({ startMs, title }, index, all) => ({
        startTime: startMs / 1000,
        endTime: (all[index + 1]?.startMs ?? durationMs) / 1000,
        title,
      })),
  });

/** Words for the page of an episode: what, when, how long, who for how long, and chapters as players link them. */
export function writeNotes({ name, startsAt, durationMs, turns, chapters }: Timeline): string {
  const spokenMs = new Map<string, number>();
  for (const turn of turns)
    spokenMs.set(turn.name, (spokenMs.get(turn.name) ?? 0) + turn.endMs - turn.startMs);
  const people = [...spokenMs].sort(([, a], [, b]) => b - a);
  const lines = [
    printable(name),
    `Recorded ${startsAt.slice(0, 10)} · ${clock(durationMs)}`,
    '',
    ...(people.length === 0 ? [] : [`With ${people.map(([who]) => printable(who)).join(', ')}`, '']),
    ...people.map(([who, ms]) => `${printable(who)} speaks for ${clock(ms)}`),
    ...(people.length === 0 ? [] : ['']),
    'Chapters',
    ...chapters.map(({ startMs, title }) => `${clock(startMs)} ${printable(title)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `0:07`, `1:02:03`; players make links of such times. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
