import { type Piece, piecesOf } from './media-pieces.ts';
import { rateGain } from './media-rate.ts';
import type { RunScan } from './run-scan.ts';

export interface SessionTrack {
  readonly clockRate: number;
  /** In the order of the recording. */
  readonly runs: readonly RunScan[];
}

/** A track in pieces, with what the rates of its clocks make of them. */
export interface RatedTrack {
  readonly track: SessionTrack;
  readonly pieces: readonly Piece[];
  /** Of each piece, what its clock has fallen behind by its rate, at a media time. */
  readonly gains: readonly ((mediaMs: number) => number)[];
  /** Of each piece, server's clock less media time of its least delayed packets, the rate taken out; and the least of them. */
  readonly delays: readonly Float64Array[];
  readonly floors: Float64Array;
}

export function ratedTrack(track: SessionTrack): RatedTrack {
  const pieces = piecesOf(track.runs, track.clockRate);
  const gainsOfClocks = [...Map.groupBy(pieces, ({ clock }) => clock).values()].map(rateGain);
  const gains = pieces.map(({ clock }) => gainsOfClocks[clock] ?? (() => 0));
  const delays = pieces.map(({ samples }, index) => delaysOf(samples, gains[index] ?? (() => 0)));
  return { track, pieces, gains, delays, floors: Float64Array.from(delays, leastOf) };
}

function delaysOf(samples: Float64Array, gain: (mediaMs: number) => number): Float64Array {
  const delays = new Float64Array(samples.length / 2);
  for (let at = 0; at < delays.length; at++) {
    const mediaMs = samples[2 * at] as number;
    delays[at] = (samples[2 * at + 1] as number) - mediaMs - gain(mediaMs);
  }
  return delays;
}

function leastOf(delays: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < delays.length; at++) least = Math.min(least, delays[at] as number);
  return least;
}
