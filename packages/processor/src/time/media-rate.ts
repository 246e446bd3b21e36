import type { Piece } from './media-pieces.ts';
import { median } from './robust-line.ts';

/** No clock that is meant to keep time is further off: sound cards, Bluetooth, overload and gateways stay within. */
const MOST_RATE = 0.012;

/** Pairs nearer than this say more of jitter than of rate; further apart, steps lie between. */
const REPORTS_APART_MS = { least: 8000, most: 30_000 };
const SAMPLES_APART_MS = { least: 3000, most: 8000 };

/** Pairs this far around a moment tell the rate there, where there are enough of them. */
const AROUND_MS = 20_000;
const ENOUGH_PAIRS = 6;

/** What jitter adds to a difference beyond any rate. */
const GRAIN_MS = 8;

/** A change of rate that is worth following by itself, and how many times the median's own error it must be. */
const LEAST_CHANGE = 30e-6;
const SURE = 4;

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
  const byReports = reportPairs(pieces);
  const bySamples = samplePairs(pieces);
  const pairs = byReports.length >= ENOUGH_PAIRS ? byReports : bySamples;
  const whole = pairs.length < ENOUGH_PAIRS ? 0 : median(pairs.map(({ slope }) => slope));
  const firstMs = pieces[0]?.fromMs ?? 0;
  const lastMs = pieces.at(-1)?.toMs ?? firstMs;
  const buckets = Math.ceil((lastMs - firstMs + 1) / AROUND_MS);
  const reported = inBuckets(byReports, firstMs, buckets);
  const seen = inBuckets(bySamples, firstMs, buckets);
  const rates = Array.from({ length: buckets }, (_, index) => {
    for (const slopes of [reported, seen]) {
      const around = [index - 1, index, index + 1].flatMap((at) => slopes[at] ?? []);
      if (around.length >= ENOUGH_PAIRS) return isElsewhere(around, whole) ? median(around) : whole;
    }
    return whole;
  });
  const gained = [0];
  for (const rate of rates) gained.push((gained.at(-1) ?? 0) + rate * AROUND_MS);
  return (mediaMs) => {
    const at = Math.min(rates.length - 1, Math.max(0, Math.floor((mediaMs - firstMs) / AROUND_MS)));
    return (gained[at] ?? 0) + (rates[at] ?? whole) * (mediaMs - firstMs - at * AROUND_MS);
  };
}

function inBuckets(pairs: readonly Pair[], firstMs: number, buckets: number): number[][] {
  const slopes = Array.from({ length: buckets }, (): number[] => []);
  for (const { atMs, slope } of pairs) slopes[Math.floor((atMs - firstMs) / AROUND_MS)]?.push(slope);
  return slopes;
}

/** Whether slopes around a moment lie elsewhere than those of the whole, by more than their scatter lets their median. */
function isElsewhere(slopes: readonly number[], whole: number): boolean {
  const here = median(slopes);
  const scatter = median(slopes.map((slope) => Math.abs(slope - here)));
  return Math.abs(here - whole) > (SURE * scatter) / Math.sqrt(slopes.length) + LEAST_CHANGE;
}

function reportPairs(pieces: readonly Piece[]): Pair[] {
  const pairs: Pair[] = [];
  const points = pieces.flatMap(({ reports }, piece) =>
    reports.map(({ mediaMs, ntpMs }) => ({ mediaMs, valueMs: ntpMs - mediaMs, piece })),
  );
  const { least, most } = REPORTS_APART_MS;
  let to = 1;
  for (const [from, first] of points.entries()) {
    to = Math.max(to, from + 1);
    while (to < points.length - 1 && (points[to]?.mediaMs ?? 0) - first.mediaMs < least) to++;
    const second = points[to];
    if (second === undefined) break;
    const apartMs = second.mediaMs - first.mediaMs;
    if (apartMs < least || apartMs > most || hasStep(pieces, first.piece, second.piece)) continue;
    addPair(pairs, first, second);
  }
  return pairs;
}

function samplePairs(pieces: readonly Piece[]): Pair[] {
  const pairs: Pair[] = [];
  const points = pieces.flatMap(({ samples }, piece) =>
    samples.map(({ mediaMs, receivedMs }) => ({ mediaMs, valueMs: receivedMs - mediaMs, piece })),
  );
  const { least, most } = SAMPLES_APART_MS;
  for (const [from, first] of points.entries()) {
    for (let to = from + 1; to < points.length; to++) {
      const second = points[to];
      if (second === undefined || second.mediaMs - first.mediaMs > most) break;
      if (second.mediaMs - first.mediaMs < least || hasStep(pieces, first.piece, second.piece)) continue;
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
  if (Math.abs(gainMs) > MOST_RATE * apartMs + GRAIN_MS) return;
  pairs.push({ atMs: (first.mediaMs + second.mediaMs) / 2, slope: gainMs / apartMs });
}

function hasStep(pieces: readonly Piece[], from: number, to: number): boolean {
  for (let at = from + 1; at <= to; at++) {
    const piece = pieces[at];
    if (piece?.stepMs !== undefined || piece?.isBehindPause) return true;
  }
  return false;
}
