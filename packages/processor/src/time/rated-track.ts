import { type Piece, piecesOf, type TrackPieces } from './media-pieces.ts';
import { rateGain } from './media-rate.ts';
import type { RunScan } from './run-scan.ts';

export interface SessionTrack {
  readonly clockRate: number;
  /** In the order of the recording. */
  readonly runs: readonly RunScan[];
}

/** A track in pieces, with what the rates of its clocks make of them. */
export interface RatedTrack extends TrackPieces {
  readonly track: SessionTrack;
  /** Of each clock, what it has fallen behind by its rate, at a media time. */
  readonly gains: readonly ((mediaMs: number) => number)[];
  /** Of each sample, and of each piece's least delayed one, server's clock less media time, the rate taken out. */
  readonly delays: Float64Array;
  readonly floors: Float64Array;
}

export function ratedTrack(track: SessionTrack): RatedTrack {
  const media = piecesOf(track.runs, track.clockRate);
  const { pieces, samples, reports } = media;
  const reportsOfClocks = Map.groupBy(reports, ({ piece }) => (pieces[piece] as Piece).clock);
  const gains = [...Map.groupBy(pieces, ({ clock }) => clock)].map(([clock, own]) =>
    rateGain(media, own, reportsOfClocks.get(clock) ?? []),
  );
  const delays = new Float64Array(samples.mediaMs.length);
  const floors = new Float64Array(pieces.length).fill(Number.POSITIVE_INFINITY);
  for (let index = 0; index < floors.length; index++) {
    const { clock, samplesFrom, samplesTo } = pieces[index] as Piece;
    const gain = gains[clock] as RatedTrack['gains'][number];
    for (let at = samplesFrom; at < samplesTo; at++) {
      const mediaMs = samples.mediaMs[at] as number;
      const delayMs = (samples.receivedMs[at] as number) - mediaMs - gain(mediaMs);
      delays[at] = delayMs;
      floors[index] = Math.min(floors[index] as number, delayMs);
    }
  }
  return { ...media, track, gains, delays, floors };
}
