import type { SceneList } from '../../plan/scene-list.ts';
import { tenths } from '../../tenths.ts';
import { within } from './spans.ts';

/**
 * Scenes for a film that begins elsewhere in the recording, or ends before: those of its time, on its clock. The first is
 * shown from the beginning, too, and the last to the end.
 *
 * @param offsetMs from the recording's zero to the film's
 */
export function scenesOfWindow(list: SceneList, offsetMs: number, durationMs: number): SceneList {
  const laterMs = offsetMs - (list.offsetMs ?? offsetMs);
  const isOver = (index: number) => {
    const next = list.scenes[index + 1];
    return next !== undefined && next.startMs <= laterMs;
  };
  const scenes = list.scenes
    .filter(({ startMs }, index) => !isOver(index) && (index === 0 || startMs - laterMs < durationMs))
    .map(({ startMs, tiles }, index) => ({ startMs: index === 0 ? 0 : tenths(startMs - laterMs), tiles }));
  const speaking = list.speaking.flatMap(({ userId, ...span }) =>
    within([span], laterMs, laterMs + durationMs).map((part) => ({ userId, ...part })),
  );
  return { ...list, durationMs, offsetMs, scenes, speaking };
}
