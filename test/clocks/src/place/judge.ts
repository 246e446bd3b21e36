import { againstBoth, againstTrack } from '@rawreel/processor/clocks';
import type { Track } from '../simulate/call.ts';
import type { PlacedTrack, ScannedDumps } from './place-call.ts';
import { witnessed } from './testimony.ts';

/** What verifying says of a track's places: whether it names it. */
export const isNamed = (track: Track, dumps: ScannedDumps, placed: PlacedTrack): boolean =>
  againstTrack(witnessed(track.kind, dumps, placed)).length > 0;

/** The same of two tracks of a session, to each other. */
export const areNamed = (
  [first, other]: readonly [Track, Track],
  [firstDumps, otherDumps]: readonly [ScannedDumps, ScannedDumps],
  [firstPlaced, otherPlaced]: readonly [PlacedTrack, PlacedTrack],
): boolean =>
  againstBoth(witnessed(first.kind, firstDumps, firstPlaced), witnessed(other.kind, otherDumps, otherPlaced))
    .length > 0;
