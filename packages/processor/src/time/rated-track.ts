import { leastDelay, type Piece, piecesOf } from './media-pieces.ts';
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
  /** Of each piece, server's clock less media time of its least delayed packet, the rate taken out. */
  readonly floors: readonly number[];
}

export function ratedTrack(track: SessionTrack): RatedTrack {
  const pieces = piecesOf(track.runs, track.clockRate);
  const gainsOfClocks = [...Map.groupBy(pieces, ({ clock }) => clock).values()].map(rateGain);
  const gains = pieces.map(({ clock }) => gainsOfClocks[clock] ?? (() => 0));
  return {
    track,
    pieces,
    gains,
    floors: pieces.map(({ samples }, index) => leastDelay(samples, gains[index])),
  };
}
