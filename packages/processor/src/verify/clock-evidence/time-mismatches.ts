import { type Mismatch, seconds } from '../mismatch.ts';
import { beforeReceived } from './before-received.ts';
import { apart } from './lip-sync.ts';
import { type Misplaced, misplaced } from './misplaced.ts';
import type { Testimony } from './time-witness.ts';

/** One track of a file, and what its dumps say of where it lies. */
export interface WitnessedTrack {
  readonly kind: 'audio' | 'video';
  readonly testimony: Testimony;
  /** What the track's places claim to keep, ms. */
  readonly uncertaintyMs: number;
}

/** A file's times are rounded to a millisecond, begin on a grid of 2.5, and those of a draft may be off by 2. */
const FILE_MS = 4;

/** What jitter may do to the least delayed packets of three seconds, and reports may be off by. */
const EVIDENCE_MS = 30;

/** How far from what the dumps say a track may lie. */
export const boundOf = (uncertaintyMs: number): number => uncertaintyMs + FILE_MS + EVIDENCE_MS;

/** What speaks against the places of one track by itself. */
export function againstTrack({ testimony, uncertaintyMs }: WitnessedTrack): Misplaced[] {
  const boundMs = boundOf(uncertaintyMs);
  const found = misplaced(testimony, boundMs);
  return found.length > 0 ? found : beforeReceived(testimony, boundMs);
}

/** What speaks against the places of two tracks of one session, to each other. */
export const againstBoth = (first: WitnessedTrack, other: WitnessedTrack): Misplaced[] =>
  apart(first.testimony, other.testimony, boundOf(first.uncertaintyMs + other.uncertaintyMs));

/** Where the tracks of one session lie elsewhere in a file than the reports and the receive times in their dumps say. */
export function timeMismatches(tracks: readonly WitnessedTrack[]): Mismatch[] {
  const ofTracks = tracks.flatMap((track) =>
    inWords(track.kind, againstTrack(track), 'its reports and receive times'),
  );
  const ofPairs = tracks.flatMap((other, index) =>
    tracks
      .slice(0, index)
      .flatMap((first) => inWords(other.kind, againstBoth(first, other), `the reports of the ${first.kind}`)),
  );
  return [...ofTracks, ...ofPairs];
}

function inWords(kind: string, found: readonly Misplaced[], who: string): Mismatch[] {
  const [first] = found;
  if (first === undefined) return [];
  const worst = found.reduce((most, one) => (Math.abs(one.byMs) > Math.abs(most.byMs) ? one : most));
  const by = `${Math.round(Math.abs(worst.byMs))} ms too ${worst.byMs > 0 ? 'late' : 'early'}`;
  const where = `between ${seconds(first.fromMs)} and ${seconds(found.at(-1)?.toMs ?? first.toMs)}`;
  return [{ what: 'time', message: `${kind}: up to ${by} ${where}, as ${who} say` }];
}
