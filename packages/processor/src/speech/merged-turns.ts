import { MERGE_MS, type Turn } from './turn-builder.ts';

/** The turns of several tracks as those of one speaker, in order and apart: pauses are joined as in one track. */
export function mergedTurns(tracks: readonly (readonly Turn[])[]): readonly Turn[] {
  const merged: Turn[] = [];
  for (const turn of tracks.flat().sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last === undefined || turn.startMs - last.endMs >= MERGE_MS) merged.push(turn);
    else merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, turn.endMs) };
  }
  return merged;
}
