import type { InspectedTrack } from '../inspection.ts';

/** All that causes are told by. */
export interface CallMeasures {
  readonly tracks: readonly InspectedTrack[];
  /** When the call began, from the recording's zero; undefined where nothing says so. */
  readonly callStartMs: number | undefined;
}
