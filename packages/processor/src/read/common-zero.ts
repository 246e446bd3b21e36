import type { PlacedTrack } from './placed-track.ts';

/** Unix ms from which all of the tracks can be told: the recording's zero, or the start of a track before it. */
export const commonZeroOf = (tracks: Iterable<PlacedTrack>, zeroUnixMs: number): number =>
  [...tracks].reduce((zero, { runs }) => Math.min(zero, runs[0]?.startMs ?? zero), zeroUnixMs);

/** Unix ms where the last of the tracks ends; `otherwise` where none has a run. */
export const commonEndOf = (tracks: readonly PlacedTrack[], otherwise: number): number =>
  tracks.reduce(
    (latest, { runs }) => runs.reduce((end, { endMs }) => Math.max(end, endMs), latest),
    otherwise,
  );
