import { type Piece, type PieceReport, STRETCH_MS, type TrackPieces } from './media-pieces.ts';
import { median, medianOf, spreadAround } from './robust-line.ts';
import { JITTER_MS, SURE, WITNESSES } from './scales.ts';

/** No clock that is meant to keep time is further off: sound cards, Bluetooth, overload and gateways stay within. */
const MOST_RATE = 0.012;

/** Pairs this far around a moment tell the rate there, where there are enough of them. */
export const AROUND_MS = 5 * STRETCH_MS;

/**
 * Pairs nearer than this say more of jitter than of rate; further apart, steps lie between. Reports lie on a line, one pair of each
 * tells; packets lie above it.
 */
const REPORTS_APART = { leastMs: 2 * STRETCH_MS, mostMs: AROUND_MS, pairs: 1 };
const SAMPLES_APART = { leastMs: STRETCH_MS, mostMs: 2 * STRETCH_MS, pairs: WITNESSES };

/** What was seen of a clock: media times, and by how much another clock showed more. */
interface Sightings {
  readonly mediaMs: Float64Array;
  readonly offMs: Float64Array;
  /** At how many places up to there the clock may have made a step. */
  readonly steps: Uint32Array;
}

/**
 * What a media clock falls behind by its rate alone, from its first piece to a moment: the median of how pairs of reports, or where
 * there are none pairs of least delayed packets, depart from it, around each moment. A median, because stalls, queues and freezes
 * are the minority. Pairs with a step between them are none.
 *
 * @param pieces of one clock, in order
 * @param reports of these
 */
export function rateGain(
  track: TrackPieces,
  pieces: readonly Piece[],
  reports: readonly PieceReport[],
): (mediaMs: number) => number {
  const firstMs = pieces[0]?.fromMs ?? 0;
  const lastMs = pieces.at(-1)?.toMs ?? firstMs;
  const rates = new Float64Array(Math.max(1, Math.ceil((lastMs - firstMs + 1) / AROUND_MS)));
  const byReports = new Slopes(reported(track, reports), REPORTS_APART, firstMs, rates.length);
  const byPackets = byReports.tellEverywhere
    ? undefined
    : new Slopes(received(track, pieces), SAMPLES_APART, firstMs, rates.length);
  const told = byReports.all.length >= WITNESSES ? byReports : byPackets;
  const whole = told === undefined || told.all.length < WITNESSES ? 0 : median(told.all);
  const gained = new Float64Array(rates.length);
  for (let at = 0; at < rates.length; at++) {
    const slopes = byReports.around(at);
    rates[at] = rateAround(slopes.length >= WITNESSES ? slopes : byPackets?.around(at), whole);
    if (at > 0) gained[at] = (gained[at - 1] as number) + (rates[at - 1] as number) * AROUND_MS;
  }
  return (mediaMs) => {
    const at = Math.min(rates.length - 1, Math.max(0, Math.floor((mediaMs - firstMs) / AROUND_MS)));
    return (gained[at] as number) + (rates[at] as number) * (mediaMs - firstMs - at * AROUND_MS);
  };
}

/** The slopes' median where it is elsewhere than the whole by more than its own error lets it be; else the whole's. */
function rateAround(slopes: Float64Array | undefined, whole: number): number {
  if (slopes === undefined || slopes.length < WITNESSES) return whole;
  const values = slopes.slice();
  const here = medianOf(values);
  const scatter = spreadAround(values, here);
  const isElsewhere = Math.abs(here - whole) > (SURE * scatter) / Math.sqrt(slopes.length);
  return isElsewhere ? here : whole;
}

/** By how much pairs of sightings depart from their clock, in ms per ms, grouped by the stretch of `AROUND_MS` that they lie in. */
class Slopes {
  readonly all: Float64Array;
  /** Where those of each stretch begin: first of the one before the first, last of those too far away. */
  readonly #starts: Uint32Array;

  constructor(seen: Sightings, apart: typeof REPORTS_APART, firstMs: number, stretches: number) {
    const { slopes, atMs } = pairsOf(seen, apart);
    const elsewhere = stretches + 2;
    const groups = new Uint32Array(slopes.length);
    const starts = new Uint32Array(elsewhere + 2);
    for (let pair = 0; pair < groups.length; pair++) {
      const group = 1 + Math.floor(((atMs[pair] as number) - firstMs) / AROUND_MS);
      groups[pair] = group < 0 || group > elsewhere ? elsewhere : group;
      (starts[(groups[pair] as number) + 1] as number)++;
    }
    for (let at = 1; at < starts.length; at++) (starts[at] as number) += starts[at - 1] as number;
    const next = starts.slice();
    this.all = new Float64Array(slopes.length);
    for (let pair = 0; pair < groups.length; pair++)
      this.all[(next[groups[pair] as number] as number)++] = slopes[pair] as number;
    this.#starts = starts;
  }

  /** Those of a stretch and its neighbours. */
  around(stretch: number): Float64Array {
    return this.all.subarray(this.#starts[stretch], this.#starts[stretch + 3]);
  }

  /** Whether there are enough of them around each moment. */
  get tellEverywhere(): boolean {
    for (let stretch = 0; stretch + 4 < this.#starts.length; stretch++)
      if (this.around(stretch).length < WITNESSES) return false;
    return true;
  }
}

function pairsOf(
  { mediaMs, offMs, steps }: Sightings,
  { leastMs, mostMs, pairs }: typeof REPORTS_APART,
): { readonly slopes: Float64Array; readonly atMs: Float64Array } {
  const { length } = mediaMs;
  const slopes = new Float64Array(length * pairs);
  const atMs = new Float64Array(length * pairs);
  let count = 0;
  let nearest = 1;
  for (let from = 0; from < length; from++) {
    const fromMs = mediaMs[from] as number;
    nearest = Math.max(nearest, from + 1);
    while (nearest < length - 1 && (mediaMs[nearest] as number) - fromMs < leastMs) nearest++;
    for (let to = nearest; to < Math.min(length, nearest + pairs); to++) {
      const apartMs = (mediaMs[to] as number) - fromMs;
      if (apartMs < leastMs || apartMs > mostMs || steps[to] !== steps[from]) break;
      const gainMs = (offMs[to] as number) - (offMs[from] as number);
      if (Math.abs(gainMs) > MOST_RATE * apartMs + JITTER_MS) continue;
      slopes[count] = gainMs / apartMs;
      atMs[count++] = (fromMs + (mediaMs[to] as number)) / 2;
    }
  }
  return { slopes: slopes.subarray(0, count), atMs: atMs.subarray(0, count) };
}

function reported({ steps }: TrackPieces, reports: readonly PieceReport[]): Sightings {
  const seen = room(reports.length);
  for (let at = 0; at < reports.length; at++) {
    const { piece, mediaMs, ntpMs } = reports[at] as PieceReport;
    seen.mediaMs[at] = mediaMs;
    seen.offMs[at] = ntpMs - mediaMs;
    seen.steps[at] = steps[piece] as number;
  }
  return seen;
}

function received({ samples, steps }: TrackPieces, pieces: readonly Piece[]): Sightings {
  const seen = room(pieces.reduce((sum, { samplesFrom, samplesTo }) => sum + samplesTo - samplesFrom, 0));
  let count = 0;
  for (const { index, samplesFrom, samplesTo } of pieces)
    for (let at = samplesFrom; at < samplesTo; at++) {
      const mediaMs = samples.mediaMs[at] as number;
      seen.mediaMs[count] = mediaMs;
      seen.offMs[count] = (samples.receivedMs[at] as number) - mediaMs;
      seen.steps[count++] = steps[index] as number;
    }
  return seen;
}

const room = (count: number): Sightings => ({
  mediaMs: new Float64Array(count),
  offMs: new Float64Array(count),
  steps: new Uint32Array(count),
});
