import type { Span } from '../plan/scene-list.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { joined } from './scenes/spans.ts';

/** Who is away for less than this has been there all along. */
const RECONNECT_MS = 3000;

/** Each user of the tracks, with the spans of unix time in which they were there, in order and apart. */
export function presenceOf(
  placed: readonly PlacedTrack[],
): { readonly userId: string; readonly present: Span[] }[] {
  return [...Map.groupBy(placed, ({ track }) => track.userId)].map(([userId, own]) => {
    const sessions = Map.groupBy(own, ({ track }) => track.sessionId);
    return { userId, present: joined([...sessions.values()].map(spanOf), RECONNECT_MS) };
  });
}

/** The screens that were shared, with the spans of unix time in which something of them was sent. */
export function sharesOf(
  placed: readonly PlacedTrack[],
): { readonly userId: string; readonly isShare: true; readonly on: Span[] }[] {
  return placed
    .filter(({ track }) => track.kind === 'video' && track.screenshare)
    .map(({ track: { userId }, runs }) => ({ userId, isShare: true, on: joined(runs, RECONNECT_MS) }));
}

/** Somebody is there from a session's first packet to its last: a microphone that is muted sends nothing in between. */
function spanOf(session: readonly PlacedTrack[]): Span {
  const runs = session.flatMap((track) => track.runs);
  return {
    startMs: Math.min(...runs.map(({ startMs }) => startMs)),
    endMs: Math.max(...runs.map(({ endMs }) => endMs)),
  };
}
