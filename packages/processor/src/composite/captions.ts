import type { Caption } from '../plan/plan.ts';
import { vttText, vttTimestamp } from '../speech/webvtt.ts';

/** People who are read at the same time; of more, those who began last. */
const MOST_AT_A_TIME = 3;

export interface CaptionWindow {
  /** From the recording's zero to the film's. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

/** What is read until the next changes it: who speaks at the same time stands in lines below each other. */
interface Shown {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
}

/** WebVTT, and how many cues it has. */
export interface CaptionsVtt {
  readonly text: string;
  readonly cues: number;
}

/** Captions of the film, from its zero to its end; undefined where nobody says anything. */
export function captionsVtt(
  captions: readonly Caption[],
  { offsetMs, durationMs }: CaptionWindow,
): CaptionsVtt | undefined {
  const seen = captions.flatMap((caption) => {
    const startMs = Math.max(0, Math.round(caption.startMs - offsetMs));
    const endMs = Math.min(durationMs, Math.round(caption.endMs - offsetMs));
    return endMs > startMs ? [{ ...caption, startMs, endMs }] : [];
  });
  const shown = oneAfterAnother(seen);
  if (shown.length === 0) return undefined;
  const cues = shown.map(
    ({ startMs, endMs, lines }) =>
      `${vttTimestamp(startMs)} --> ${vttTimestamp(endMs)}\n${lines.map(vttText).join('\n')}\n`,
  );
  return { text: ['WEBVTT\n', ...cues].join('\n'), cues: cues.length };
}

/** MP4 has no captions that overlap, and few players show those of others: each change begins a caption of its own. */
function oneAfterAnother(captions: readonly Caption[]): Shown[] {
  const waiting = captions.toSorted((a, b) => b.startMs - a.startMs);
  const ends = captions.map(({ endMs }) => endMs);
  const changes = [...new Set([...waiting.map(({ startMs }) => startMs), ...ends])].sort((a, b) => a - b);
  const shown: Shown[] = [];
  let active: Caption[] = [];
  for (const [index, startMs] of changes.entries()) {
    active = active.filter(({ endMs }) => endMs > startMs);
    for (let next = waiting.at(-1); next !== undefined && next.startMs <= startMs; next = waiting.at(-1)) {
      active.push(next);
      waiting.pop();
    }
    active = active.slice(-MOST_AT_A_TIME);
    const endMs = changes[index + 1];
    if (active.length > 0 && endMs !== undefined)
      shown.push({ startMs, endMs, lines: active.flatMap(linesOf) });
  }
  return shown;
}

const linesOf = ({ speaker, text }: Caption): string[] =>
  (speaker === undefined || speaker === '' ? text : `${speaker}: ${text}`).split('\n');
