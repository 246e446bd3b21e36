import type { CallPlan, Change } from './plan.ts';

/** Time that goes by in a change without anything being captured. */
const absenceMs = (change: Change): number => {
  switch (change.kind) {
    case 'stall':
    case 'pause':
      return change.lengthMs;
    case 'segment':
      return change.gapMs;
    case 'dtx':
    case 'jump':
    case 'source':
    case 'reset':
      return 0;
  }
};

/** Puts each track's changes in order and as much later, and its end, as those before them take: none falls into another. */
export function makeRoom(call: CallPlan): void {
  for (const track of call.people.flatMap(({ tracks }) => tracks)) {
    track.changes.sort((a, b) => a.atMs - b.atMs);
    let absentMs = 0;
    for (const [index, change] of track.changes.entries()) {
      track.changes[index] = { ...change, atMs: change.atMs + absentMs };
      absentMs += absenceMs(change);
    }
    track.toMs += absentMs;
    call.lengthMs = Math.max(call.lengthMs, track.toMs);
  }
}
