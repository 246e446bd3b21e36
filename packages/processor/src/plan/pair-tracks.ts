import type { PlannedTrack } from './plan.ts';

/** Tracks that one muxed file is made of, by their numbers. */
export interface TrackPair {
  readonly screenshare: boolean;
  /** The picture first; one alone where there is nothing to pair it with. */
  readonly tracks: readonly number[];
  /** The track whose id tells this file from the others of its session. */
  readonly names: number;
}

/**
 * Pairs sound and picture of the same user, session and media kind, those that overlap longest first. Where a session has
 * more of one kind than of the other, what is left over is paired with a partner that another has already: two
 * microphones and a camera give two files, and nothing is lost.
 */
export function pairTracks(tracks: readonly PlannedTrack[]): TrackPair[] {
  const groups = Map.groupBy(tracks.keys(), (number) => {
    const track = tracks[number];
    return JSON.stringify([track?.userId, track?.sessionId, track?.screenshare]);
  });
  return [...groups.values()].flatMap((group) => pairGroup(tracks, group));
}

function pairGroup(tracks: readonly PlannedTrack[], group: readonly number[]): TrackPair[] {
  const screenshare = tracks[group[0] ?? 0]?.screenshare ?? false;
  const pictures = group.filter((number) => tracks[number]?.kind === 'video');
  const sounds = group.filter((number) => tracks[number]?.kind === 'audio');
  const [fewer, more] = sounds.length < pictures.length ? [sounds, pictures] : [pictures, sounds];
  if (fewer.length === 0) {
    return more.map((number) => ({ screenshare, tracks: [number], names: number }));
  }
  const overlaps = more
    .flatMap((one, index) =>
      comparedWith(fewer, index / more.length, more.length).map((other) => ({
        one,
        other,
        ms: overlapMs(tracks[one], tracks[other]),
      })),
    )
    .sort((a, b) => b.ms - a.ms);
  const partners = new Map<number, number>();
  const taken = new Set<number>();
  for (const { one, other } of overlaps) {
    if (partners.has(one) || taken.has(other)) continue;
    partners.set(one, other);
    taken.add(other);
  }
  for (const { one, other } of overlaps) if (!partners.has(one)) partners.set(one, other);
  const paired = new Set(partners.values());
  // Where not all were compared with all, one that nobody near it took has a partner that another has, too.
  const leftOver = fewer
    .filter((other) => !paired.has(other))
    .map((other) => [other, more[0] ?? other] as const);
  const pairs = [...more.map((one) => [one, partners.get(one) ?? one] as const), ...leftOver];
  return pairs.map((pair) => {
    const picture = pair.find((number) => tracks[number]?.kind === 'video') ?? pair[0];
    const sound = pair.find((number) => tracks[number]?.kind === 'audio') ?? pair[0];
    return { screenshare, tracks: [picture, sound], names: pair[0] };
  });
}

/** All with all, of a hundred microphones and as many cameras in one session; of more each with those near it. */
const MOST_COMPARED = 10_000;

/** Of the tracks, which are in the order of time, those around a place in it from 0 to 1. */
function comparedWith(fewer: readonly number[], place: number, times: number): readonly number[] {
  const count = Math.max(1, Math.floor(MOST_COMPARED / times));
  const from = Math.max(0, Math.min(fewer.length - count, Math.floor(place * fewer.length - count / 2)));
  return fewer.slice(from, from + count);
}

/**
 * How long both were received, as the metadata tells: of segments of a track that lie over each other each counts. Edges in
 * the order of time, so that ten thousand segments are not compared with ten thousand.
 */
function overlapMs(one: PlannedTrack | undefined, other: PlannedTrack | undefined): number {
  const edges = [...edgesOf(one, 0), ...edgesOf(other, 1)].sort((a, b) => a.atMs - b.atMs);
  const open: [number, number] = [0, 0];
  let sum = 0;
  let sinceMs = 0;
  for (const { atMs, of, by } of edges) {
    sum += open[0] * open[1] * (atMs - sinceMs);
    sinceMs = atMs;
    open[of] += by;
  }
  return sum;
}

interface Edge {
  readonly atMs: number;
  readonly of: 0 | 1;
  readonly by: 1 | -1;
}

function edgesOf(track: PlannedTrack | undefined, of: 0 | 1): Edge[] {
  return (track?.segments ?? []).flatMap(({ timing }): Edge[] => {
    const { firstRtpUnixMs = 0, lastRtpUnixMs = 0 } = timing;
    if (lastRtpUnixMs <= firstRtpUnixMs) return [];
    return [
      { atMs: firstRtpUnixMs, of, by: 1 },
      { atMs: lastRtpUnixMs, of, by: -1 },
    ];
  });
}
