import type { CallClass } from './classes.ts';
import { quantile } from './measure.ts';
import { areNamed, isNamed } from './place/judge.ts';
import { type PlacedTrack, placeCall, type ScannedDumps, scanCall } from './place/place-call.ts';
import { cutAtPauses, shifted, straight } from './place/sabotage.ts';
import { callOf } from './run-call.ts';
import type { Track } from './simulate/call.ts';

/** What is off by so much more than is stated, verifying should name. */
const PLAIN_MS = 60;

const asSolved = (_: ScannedDumps, solved: PlacedTrack): PlacedTrack => solved;

/** How tracks are placed: as they are solved, and as worse solvers would. */
const WAYS = { solved: asSolved, straight, cut: cutAtPauses } as const;
type Way = keyof typeof WAYS;

/** What verifying says of tracks placed in one way. */
export interface Named {
  tracks: number;
  /** Off by more than is stated for them. */
  off: number;
  /** Off by 60 ms more, and those of them that are named. */
  plain: number;
  plainNamed: number;
  /** Named although they are as near to the truth as is stated. */
  falselyNamed: number;
}

/** What it says of sessions' first two tracks, to each other. */
export interface NamedPairs {
  sessions: number;
  /** Where the second is 150 ms late. */
  lateNamed: number;
  /** Where both are as solved, and to each other as near to the truth as is stated. */
  falselyNamed: number;
}

export type Seen = Readonly<Record<Way, Named>> & { readonly pairs: NamedPairs };

interface Placed {
  readonly track: Track;
  readonly dumps: ScannedDumps;
  readonly solved: PlacedTrack;
}

/** Has calls of a class verified, from one seed on. */
export function verifyCalls(of: CallClass, firstSeed: number, calls: number): Seen {
  const none = (): Named => ({ tracks: 0, off: 0, plain: 0, plainNamed: 0, falselyNamed: 0 });
  const pairs = { sessions: 0, lateNamed: 0, falselyNamed: 0 };
  const seen = { solved: none(), straight: none(), cut: none(), pairs };
  for (let seed = firstSeed; seed < firstSeed + calls; seed++) {
    for (const person of placedPeople(of, seed)) {
      for (const placed of person)
        for (const way of Object.keys(WAYS) as Way[]) countTrack(seen[way], placed, WAYS[way]);
      countPair(pairs, person);
    }
  }
  return seen;
}

function placedPeople(of: CallClass, seed: number): Placed[][] {
  const { call } = callOf(of, seed);
  const scanned = scanCall(call);
  const placed = placeCall(scanned);
  return call.people.map(({ tracks }, person) =>
    tracks.map((track, index) => ({
      track,
      dumps: scanned.tracksOfPeople[person]?.[index] as ScannedDumps,
      solved: placed[person]?.[index] as PlacedTrack,
    })),
  );
}

function countTrack(named: Named, { track, dumps, solved }: Placed, way: (typeof WAYS)[Way]): void {
  const places = way(dumps, solved);
  const beyondMs = errorOf(track, places).withinMs - places.uncertaintyMs;
  const isTold = isNamed(track, dumps, places);
  named.tracks++;
  if (beyondMs > 0) named.off++;
  else if (isTold) named.falselyNamed++;
  if (beyondMs <= PLAIN_MS) return;
  named.plain++;
  if (isTold) named.plainNamed++;
}

function countPair(pairs: NamedPairs, [first, other]: readonly Placed[]): void {
  if (first === undefined || other === undefined) return;
  const areTold = (places: PlacedTrack) =>
    areNamed([first.track, other.track], [first.dumps, other.dumps], [first.solved, places]);
  pairs.sessions++;
  if (areTold(shifted(other.solved))) pairs.lateNamed++;
  if (areTold(other.solved) && !areApart(first, other)) pairs.falselyNamed++;
}

/** Whether one of them, or what is between them, is off by more than is stated. */
function areApart(first: Placed, other: Placed): boolean {
  const [one, another] = [errorOf(first.track, first.solved), errorOf(other.track, other.solved)];
  const [ofOne, ofAnother] = [first.solved.uncertaintyMs, other.solved.uncertaintyMs];
  const isOff = one.withinMs > ofOne || another.withinMs > ofAnother;
  return isOff || Math.abs(one.medianMs - another.medianMs) > ofOne + ofAnother;
}

interface TrackError {
  readonly medianMs: number;
  /** p99 of how far its packets are from that. */
  readonly withinMs: number;
}

function errorOf({ segments }: Track, { unixMs }: PlacedTrack): TrackError {
  const errors = segments.flatMap(({ packets }, segment) =>
    packets.flatMap(({ capturedMs }, index) => {
      const placedMs = unixMs[segment]?.[index] ?? Number.NaN;
      return Number.isNaN(placedMs) ? [] : [placedMs - capturedMs];
    }),
  );
  const medianMs = quantile(Float64Array.from(errors).sort(), 0.5);
  const away = Float64Array.from(errors, (error) => Math.abs(error - medianMs)).sort();
  return { medianMs, withinMs: quantile(away, 0.99) };
}
