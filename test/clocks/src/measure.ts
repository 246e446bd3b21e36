import type { PlacedTrack } from './place/place-call.ts';
import type { Call, Person, Track } from './simulate/call.ts';

/** How far from the truth one person's packets were placed. */
export interface SessionError {
  /** Of each packet: |its error - the session's median error|, ms; track by track. */
  readonly ofTracks: readonly {
    readonly kind: 'audio' | 'video';
    readonly errors: Float64Array;
    readonly uncertaintyMs: number;
  }[];
  /** The session's median error: by how much it is later than the truth, ms. */
  readonly medianMs: number;
  /** The least that its packets took from leaving their encoders' input to the server, ms. */
  readonly leastDelayMs: number;
  /** Packets that arrived and have no place, or one before what was sent before them. */
  readonly leftOut: number;
  /** Quantile over all packets of the session, ms. */
  readonly within: (share: number) => number;
  /** Whether each track's p99 is within the uncertainty stated for it. */
  readonly isHonest: boolean;
}

export function sessionErrors(call: Call, placed: readonly (readonly PlacedTrack[])[]): SessionError[] {
  return call.people.map((person, index) => sessionError(person, placed[index] ?? [], call.startUnixMs));
}

function sessionError({ tracks }: Person, placed: readonly PlacedTrack[], startUnixMs: number): SessionError {
  const signed = tracks.map((track, index) => trackErrors(track, placed[index] as PlacedTrack, startUnixMs));
  const all = joined(signed);
  const medianMs = quantile(all.sort(), 0.5);
  const arrived = tracks.reduce((sum, track) => sum + packetsOf(track), 0);
  const ofTracks = signed.map((errors, index) => ({
    kind: (tracks[index] as Track).kind,
    errors: errors.map((error) => Math.abs(error - medianMs)),
    uncertaintyMs: (placed[index] as PlacedTrack).uncertaintyMs,
  }));
  const sorted = joined(ofTracks.map(({ errors }) => errors)).sort();
  return {
    ofTracks,
    medianMs,
    within: (share) => quantile(sorted, share),
    leastDelayMs: leastDelay(tracks),
    leftOut:
      arrived -
      all.length +
      tracks.reduce((sum, track, index) => sum + overtaken(track, placed[index] as PlacedTrack), 0),
    isHonest: ofTracks.every(
      ({ errors, uncertaintyMs }) => quantile(errors.slice().sort(), 0.99) <= uncertaintyMs,
    ),
  };
}

/** Placed minus captured, of the packets that have a place. */
function trackErrors({ segments }: Track, { unixMs }: PlacedTrack, startUnixMs: number): Float64Array {
  const errors = new Float64Array(segments.reduce((sum, { packets }) => sum + packets.length, 0));
  let count = 0;
  for (const [segment, { packets }] of segments.entries())
    for (const [index, { capturedMs }] of packets.entries()) {
      const placedMs = unixMs[segment]?.[index] ?? Number.NaN;
      if (!Number.isNaN(placedMs)) errors[count++] = placedMs - startUnixMs - capturedMs;
    }
  return errors.subarray(0, count);
}

/** Packets with a place before that of what was sent earlier: a file has no room for such sound, and no order for such pictures. */
function overtaken({ segments }: Track, { unixMs }: PlacedTrack): number {
  let count = 0;
  for (const [segment, { packets }] of segments.entries()) {
    let latestMs = Number.NEGATIVE_INFINITY;
    for (const [index, { durationMs }] of packets.entries()) {
      const placedMs = unixMs[segment]?.[index] ?? Number.NaN;
      // Packets of one picture share a place.
      if (placedMs < latestMs || (placedMs === latestMs && durationMs > 0)) count++;
      else if (!Number.isNaN(placedMs)) latestMs = placedMs;
    }
  }
  return count;
}

const packetsOf = ({ segments }: Track): number =>
  segments.reduce((sum, { packets }) => sum + packets.length, 0);

function leastDelay(tracks: readonly Track[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { segments } of tracks)
    for (const { packets } of segments)
      for (const { arrivedMs, capturedMs, durationMs } of packets)
        least = Math.min(least, arrivedMs - capturedMs - durationMs);
  return least;
}

/**
 * How far two people are apart beyond what their networks' least delays explain, ms. A solver that knows nothing of those
 * delays leaves two people apart by their difference, one that knows them by nothing: whatever lies between is no error.
 */
export function betweenPeople(a: SessionError, b: SessionError): number {
  const apart = a.medianMs - b.medianMs;
  const explained = a.leastDelayMs - b.leastDelayMs;
  return Math.max(0, apart - Math.max(0, explained), Math.min(0, explained) - apart);
}

/** Of sorted values; nought of none. */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
