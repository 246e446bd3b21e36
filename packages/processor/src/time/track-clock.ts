import type { Piece } from './media-pieces.ts';
import type { PlacedPiece } from './place-pieces.ts';
import type { RatedTrack } from './rated-track.ts';
import { JITTER_MS, LEAST_STEP_MS, REPORT_MS } from './scales.ts';

/** What a track's place rests on. */
export interface TrackClock {
  readonly source: /** Sender reports in the dumps. */
    | 'reports'
    /** The reports that the metadata names. */
    | 'metadata'
    /** Receive times alone. */
    | 'received';
  /** Sender reports that were used. */
  readonly reports: number;
  /** A bound that its packets' places, to each other and to those of its session, keep in all likelihood, ms. */
  readonly uncertaintyMs: number;
  /** How much faster than the server's clock the media clock runs, in millionths. */
  readonly driftPpm: number;
}

/** @param residuals of each report that was used, how far it is from its line, ms */
export function trackClock(
  { track, pieces }: RatedTrack,
  placed: readonly PlacedPiece[],
  residuals: readonly number[],
  apart: Float64Array,
  untoldMs: number,
): TrackClock {
  const driftPpm = driftOf(pieces, placed);
  const reports = residuals.length;
  if (reports === 0)
    return {
      source: 'received',
      reports,
      uncertaintyMs: LEAST_STEP_MS + apartOf(pieces, apart),
      driftPpm,
    };
  const hasSteps = placed.some(({ goesOn, index }) => !goesOn && index > 0);
  const most = new Float64Array(residuals).sort()[Math.floor(reports * 0.9)] ?? 0;
  const isMetadata = track.runs.every(({ reportsFrom }) => reportsFrom === 'metadata');
  return {
    source: isMetadata ? 'metadata' : 'reports',
    reports,
    // From the ninth decile to where all but a hundredth are, of what scatters as reports do; a step is seen to half the jitter.
    uncertaintyMs:
      2.5 * (REPORT_MS + most) + (hasSteps ? JITTER_MS / 2 : 0) + Math.max(apartOf(pieces, apart), untoldMs),
    driftPpm,
  };
}

/** How far all but a hundredth of the media may be from their levels. */
function apartOf(pieces: RatedTrack['pieces'], apart: Float64Array): number {
  let lengthMs = 0;
  const open: number[] = [];
  for (let index = 0; index < apart.length; index++) {
    const { fromMs, toMs } = pieces[index] as Piece;
    lengthMs += toMs - fromMs;
    if ((apart[index] as number) > 0) open.push(index);
  }
  let leftMs = lengthMs / 100;
  open.sort((a, b) => (apart[b] as number) - (apart[a] as number));
  for (const index of open) {
    const { fromMs, toMs } = pieces[index] as Piece;
    leftMs -= toMs - fromMs;
    if (leftMs < 0) return apart[index] as number;
  }
  return 0;
}

function driftOf(pieces: RatedTrack['pieces'], placed: readonly PlacedPiece[]): number {
  let gainedMs = 0;
  let mediaMs = 0;
  for (const { index, slope } of placed) {
    const { fromMs, toMs } = pieces[index] as Piece;
    gainedMs += slope * (toMs - fromMs);
    mediaMs += toMs - fromMs;
  }
  return mediaMs === 0 ? 0 : ((0 - gainedMs) / mediaMs) * 1e6;
}
