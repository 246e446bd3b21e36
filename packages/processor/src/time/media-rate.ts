import { mayStepAt, type Piece, STRETCH_MS } from './media-pieces.ts';
import { median } from './robust-line.ts';
import { JITTER_MS, SURE, WITNESSES } from './scales.ts';

/** No clock that is meant to keep time is further off: sound cards, Bluetooth, overload and gateways stay within. */
const MOST_RATE = 0.012;

/** Pairs this far around a moment tell the rate there, where there are enough of them. */
export const AROUND_MS = 5 * STRETCH_MS;

/** Pairs nearer than this say more of jitter than of rate; further apart, steps lie between. Reports lie on a line, packets above it. */
const REPORTS_APART_MS = { least: 2 * STRETCH_MS, most: AROUND_MS };
const SAMPLES_APART_MS = { least: STRETCH_MS, most: 2 * STRETCH_MS };

interface Pair {
  readonly atMs: number;
  readonly slope: number;
}

/**
 * What a media clock falls behind by its rate alone, from its first piece to a moment: the median of how pairs of reports, or where
 * there are none pairs of least delayed packets, depart from it, around each moment. A median, because stalls, queues and freezes
 * are the minority. Pairs with a step between them are none.
 *
 * @param pieces of one clock, in order
 */
export function rateGain(pieces: readonly Piece[]): (mediaMs: number) => number {
  const firstMs = pieces[0]?.fromMs ?? 0;
  const lastMs = pieces.at(-1)?.toMs ?? firstMs;
  const buckets = Math.ceil((lastMs - firstMs + 1) / AROUND_MS);
  const reported = reportPairs(pieces);
  const byReports = slopesAround(reported, firstMs, buckets);
  const areReported = byReports.every((slopes) => slopes.length >= WITNESSES);
  const received = areReported ? [] : samplePairs(pieces);
  const byPackets = slopesAround(received, firstMs, buckets);
  const pairs = reported.length >= WITNESSES ? reported : received;
  const whole = pairs.length < WITNESSES ? 0 : median(pairs.map(({ slope }) => slope));
  const rates = byReports.map((slopes, index) =>
    rateAround(slopes.length >= WITNESSES ? slopes : (byPackets[index] ?? []), whole),
  );
  const gained = [0];
  for (const rate of rates) gained.push((gained.at(-1) ?? 0) + rate * AROUND_MS);
  return (mediaMs) => {
    const at = Math.min(rates.length - 1, Math.max(0, Math.floor((mediaMs - firstMs) / AROUND_MS)));
    return (gained[at] ?? 0) + (rates[at] ?? whole) * (mediaMs - firstMs - at * AROUND_MS);
  };
}

/** Of each stretch of `AROUND_MS`, slopes of pairs there and in its neighbours. */
function slopesAround(pairs: readonly Pair[], firstMs: number, buckets: number): number[][] {
  const slopes = Array.from({ length: buckets }, (): number[] => []);
  for (const { atMs, slope } of pairs) {
    const bucket = Math.floor((atMs - firstMs) / AROUND_MS);
    for (let at = bucket - 1; at <= bucket + 1; at++) slopes[at]?.push(slope);
  }
  return slopes;
}

/** The slopes' median where it is elsewhere than the whole by more than its own error lets it be; else the whole's. */
function rateAround(slopes: readonly number[], whole: number): number {
  if (slopes.length < WITNESSES) return whole;
  const here = median(slopes);
  const scatter = median(slopes.map((slope) => Math.abs(slope - here)));
  const isElsewhere = Math.abs(here - whole) > (SURE * scatter) / Math.sqrt(slopes.length);
  return isElsewhere ? here : whole;
}

function reportPairs(pieces: readonly Piece[]): Pair[] {
  const pairs: Pair[] = [];
  const points = pieces.flatMap(({ reports }, piece) =>
    reports.map(({ mediaMs, ntpMs }) => ({ mediaMs, valueMs: ntpMs - mediaMs, piece })),
  );
  const steps = stepsBefore(pieces);
  const { least, most } = REPORTS_APART_MS;
  let to = 1;
  for (const [from, first] of points.entries()) {
    to = Math.max(to, from + 1);
    while (to < points.length - 1 && (points[to]?.mediaMs ?? 0) - first.mediaMs < least) to++;
    const second = points[to];
    if (second === undefined) break;
    const apartMs = second.mediaMs - first.mediaMs;
    if (apartMs < least || apartMs > most || steps[first.piece] !== steps[second.piece]) continue;
    addPair(pairs, first, second);
  }
  return pairs;
}

function samplePairs(pieces: readonly Piece[]): Pair[] {
  const pairs: Pair[] = [];
  const steps = stepsBefore(pieces);
  const points = pieces.flatMap(({ samples }, piece) =>
    samples.map(({ mediaMs, receivedMs }) => ({ mediaMs, valueMs: receivedMs - mediaMs, piece })),
  );
  const { least, most } = SAMPLES_APART_MS;
  let nearest = 1;
  for (const [from, first] of points.entries()) {
    nearest = Math.max(nearest, from + 1);
    while (nearest < points.length && (points[nearest]?.mediaMs ?? 0) - first.mediaMs < least) nearest++;
    for (let to = nearest; to < nearest + WITNESSES; to++) {
      const second = points[to];
      if (
        second === undefined ||
        second.mediaMs - first.mediaMs > most ||
        steps[second.piece] !== steps[first.piece]
      )
        break;
      addPair(pairs, first, second);
    }
  }
  return pairs;
}

interface Point {
  readonly mediaMs: number;
  readonly valueMs: number;
}

function addPair(pairs: Pair[], first: Point, second: Point): void {
  const apartMs = second.mediaMs - first.mediaMs;
  const gainMs = second.valueMs - first.valueMs;
  if (Math.abs(gainMs) > MOST_RATE * apartMs + JITTER_MS) return;
  pairs.push({ atMs: (first.mediaMs + second.mediaMs) / 2, slope: gainMs / apartMs });
}

/** Of each piece, at how many places up to its beginning the clock may have made a step. */
function stepsBefore(pieces: readonly Piece[]): number[] {
  let steps = 0;
  return pieces.map((piece) => {
    if (mayStepAt(piece)) steps++;
    return steps;
  });
}
