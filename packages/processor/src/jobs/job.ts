import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { ProgressEvent } from './progress.ts';

/** What a job may use beside its plain values. */
export interface JobEvents {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** Inflated bytes of a track's dumps. */
export const dumpBytesOf = ({ segments }: PlannedTrack): number =>
  segments.reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);

/** The same of several. */
export const dumpBytesOfAll = (tracks: readonly PlannedTrack[]): number =>
  tracks.reduce((sum, track) => sum + dumpBytesOf(track), 0);

export const placedBytesOf = (tracks: readonly PlacedTrack[]): number =>
  dumpBytesOfAll(tracks.map(({ track }) => track));

/** How a job reads dumps; `onBytes` is told the sum so far. */
export function readingOf(
  { maxEntrySize }: OutputSettings,
  { signal }: JobEvents,
  onBytes: (bytes: number) => void,
): ReadingOptions {
  let bytes = 0;
  return {
    signal,
    maxEntrySize,
    onBytes: (more) => {
      bytes += more;
      onBytes(bytes);
    },
  };
}
