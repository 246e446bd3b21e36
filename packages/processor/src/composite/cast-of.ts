import { type Span, sourceKey } from '../plan/scene-list.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { speakersOf } from '../speech/speakers-of.ts';
import { outlineOf, type TrackOutline } from './decoders/track-outline.ts';
import type { Cast, CastMember, CastSource } from './scenes/cast.ts';
import { joined, within } from './scenes/spans.ts';

/** Which time is filmed, unix ms. */
export interface FilmWindow {
  readonly zeroUnixMs: number;
  readonly endUnixMs: number;
}

/** What is known of a call before a picture is decoded. */
export interface Rehearsal {
  readonly cast: Cast;
  /** By the key of their source. */
  readonly outlines: ReadonlyMap<string, TrackOutline>;
  readonly tracks: ReadonlyMap<string, PlacedTrack>;
}

/** Who is away for less than this has been there all along. */
const RECONNECT_MS = 3000;

export const keyOf = ({ track: { sessionId, trackId }, codec }: PlacedTrack): string =>
  sourceKey({ sessionId, trackId, codec });

/** Reads every track once: who was there, who spoke, when which camera was on. */
export async function rehearse(
  placed: readonly PlacedTrack[],
  { zeroUnixMs, endUnixMs }: FilmWindow,
  reading: ReadingOptions,
): Promise<Rehearsal> {
  const durationMs = Math.round((endUnixMs - zeroUnixMs) * 10) / 10;
  const tracks = new Map<string, PlacedTrack>();
  const outlines = new Map<string, TrackOutline>();
  const sources: CastSource[] = [];
  for (const each of placed) {
    const { kind, userId, sessionId, trackId, screenshare } = each.track;
    if (kind !== 'video') continue;
    const outline = await outlineOf(each, zeroUnixMs, reading);
    const source = { sessionId, trackId, codec: each.codec };
    tracks.set(keyOf(each), each);
    outlines.set(keyOf(each), outline);
    sources.push({ userId, source, isShare: screenshare, on: within(outline.on, 0, durationMs) });
  }
  const microphones = placed.filter(({ track: { kind, screenshare } }) => kind === 'audio' && !screenshare);
  const speakers = await speakersOf(microphones, zeroUnixMs, reading);
  const turnsOf = new Map(speakers.map(({ userId, turns }) => [userId, turns]));
  const members = [...Map.groupBy(placed, ({ track }) => track.userId)].map(
    ([userId, own]): CastMember => ({
      userId,
      present: within(presence(own, zeroUnixMs), 0, durationMs),
      turns: within(turnsOf.get(userId) ?? [], 0, durationMs),
    }),
  );
  const firstMs = ({ present }: CastMember): number => present[0]?.startMs ?? Number.POSITIVE_INFINITY;
  members.sort((a, b) => (firstMs(a) < firstMs(b) ? -1 : firstMs(a) > firstMs(b) ? 1 : 0));
  return { cast: { durationMs, members, sources }, outlines, tracks };
}

/** Somebody is there from a session's first packet to its last: a microphone that is muted sends nothing in between. */
function presence(tracks: readonly PlacedTrack[], zeroUnixMs: number): Span[] {
  const sessions = Map.groupBy(tracks, ({ track }) => track.sessionId);
  const spans = [...sessions.values()].map((own) => ({
    startMs: Math.min(...own.flatMap(({ runs }) => runs.map(({ startMs }) => startMs))) - zeroUnixMs,
    endMs: Math.max(...own.flatMap(({ runs }) => runs.map(({ endMs }) => endMs))) - zeroUnixMs,
  }));
  return joined(spans, RECONNECT_MS);
}
