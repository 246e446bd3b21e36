import type { Stretch, TimelineTrack } from './timeline.ts';

/** A clip, or the gap before the next one. */
export interface Piece extends Stretch {
  readonly isGap: boolean;
}

/** A track from the timeline's zero to its last clip, without a hole. */
export function piecesOf({ clips }: TimelineTrack): Piece[] {
  let reached = 0;
  return clips.flatMap(({ from, to }) => {
    const gap = { from: reached, to: from, isGap: true };
    reached = to;
    return gap.to > gap.from ? [gap, { from, to, isGap: false }] : [{ from, to, isGap: false }];
  });
}

/** A file as a URL relative to the timeline that it lies beside. */
export const mediaUrl = (file: string): string => encodeURIComponent(file);
