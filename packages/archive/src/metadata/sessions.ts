import type { Segment, Session, Track } from '../recording.ts';
import type { Turns } from '../turns.ts';
import type { Draft } from './draft.ts';
import type { LoadedMetadata } from './load-metadata.ts';
import { compareNaturally, compareText } from './natural-order.ts';
import type { SegmentBuilder } from './segment-builder.ts';
import { earliest, latest } from './timing.ts';
import { TRACK_TYPES } from './track-types.ts';

/** All sessions with their tracks, sorted by user, then session. */
export async function buildSessions(
  loaded: readonly LoadedMetadata[],
  drafts: readonly Draft[],
  builder: SegmentBuilder,
  turns: Turns,
): Promise<Session[]> {
  const sessions = new Map<string, { userId: string; sessionId: string; tracks: Track[] }>();
  // Also those of which nothing was recorded: they were there.
  for (const { metadata } of loaded) {
    const { participant_id: userId, user_session_id: sessionId } = metadata.fields;
    const key = JSON.stringify([userId, sessionId]);
    if (!sessions.has(key)) sessions.set(key, { userId, sessionId, tracks: [] });
  }
  for (const group of Map.groupBy(drafts, ({ trackKey }) => trackKey).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const track = await buildTrack(first, group, builder, turns);
    sessions.get(JSON.stringify([first.userId, first.sessionId]))?.tracks.push(track);
  }
  for (const { tracks } of sessions.values()) tracks.sort(compareTracks);
  return [...sessions.values()].sort(
    (a, b) => compareText(a.userId, b.userId) || compareText(a.sessionId, b.sessionId),
  );
}

/** @param first of the drafts: all of them are of one track */
async function buildTrack(
  first: Draft,
  drafts: readonly Draft[],
  builder: SegmentBuilder,
  turns: Turns,
): Promise<Track> {
  const { fields } = first.metadata.metadata;
  const ordered = [...drafts].sort(
    (a, b) =>
      compareNumbers(a.timing.firstRtpUnixMs, b.timing.firstRtpUnixMs) || compareNaturally(a.base, b.base),
  );
  const segments: Segment[] = [];
  for (const draft of ordered) {
    if (turns.isOver) await turns.next();
    segments.push(builder.build(draft));
  }
  return {
    callType: fields.call_type,
    callId: fields.call_id,
    callSessionId: fields.call_session_id,
    userId: first.userId,
    sessionId: first.sessionId,
    trackId: first.trackId,
    trackType: first.trackType,
    kind: first.kind,
    screenshare: TRACK_TYPES[first.trackType].screenshare,
    codec: segments.find(({ codec }) => codec !== '')?.codec ?? '',
    segments,
    startsAtMs: earliest(segments.map(({ timing }) => timing.firstRtpUnixMs)),
    endsAtMs: latest(segments.map(({ timing }) => timing.lastRtpUnixMs)),
  };
}

function compareTracks(a: Track, b: Track): number {
  return (
    compareText(a.kind, b.kind) ||
    Number(a.screenshare) - Number(b.screenshare) ||
    compareNumbers(a.startsAtMs, b.startsAtMs) ||
    compareText(a.trackId, b.trackId)
  );
}

/** What is missing comes last. */
function compareNumbers(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a - b;
}
