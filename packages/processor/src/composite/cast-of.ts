import { sourceKey } from '../plan/scene-list.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { speakersOf } from '../speech/speakers-of.ts';
import { outlineOf, type TrackOutline } from './decoders/track-outline.ts';
import { presenceOf } from './presence.ts';
import type { Cast, CastMember, CastSource } from './scenes/cast.ts';
import { within } from './scenes/spans.ts';

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

export const keyOf = ({ track: { sessionId, trackId }, codec }: PlacedTrack): string =>
  sourceKey({ sessionId, trackId, codec });

/** What is only looked at is gone before anything takes it for what stays: larger pieces lie about for minutes of call. */
const PIECE_BYTES = 32 * 1024;

/** Reads every track once: who was there, who spoke, when which camera was on. */
export async function rehearse(
  placed: readonly PlacedTrack[],
  { zeroUnixMs, endUnixMs }: FilmWindow,
  options: ReadingOptions,
): Promise<Rehearsal> {
  const reading = { ...options, copyPieceBytes: PIECE_BYTES };
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
  const members = presenceOf(placed).map(
    ({ userId, present }): CastMember => ({
      userId,
      present: within(present, zeroUnixMs, zeroUnixMs + durationMs),
      turns: within(turnsOf.get(userId) ?? [], 0, durationMs),
    }),
  );
  const firstMs = ({ present }: CastMember): number => present[0]?.startMs ?? Number.POSITIVE_INFINITY;
  members.sort((a, b) => (firstMs(a) < firstMs(b) ? -1 : firstMs(a) > firstMs(b) ? 1 : 0));
  return { cast: { durationMs, members, sources }, outlines, tracks };
}
