import { type Level, levelsOf, type Witness } from './behind-levels.ts';
import { setsOf } from './clock-sets.ts';
import { AROUND_MS } from './media-rate.ts';
import { medianOf } from './robust-line.ts';
import { JITTER_MS, LEAST_STEP_MS, MOST_DELAY_MS, WITNESSES } from './scales.ts';

/** From a participant's clock to the server's. */
export interface ParticipantClock {
  /** What the report's clock says, on the server's clock; of one that is wrong no number. */
  readonly serverMs: Float64Array;
  /** By how much the route delays more than at its best, at a moment of the server's clock. */
  readonly routeMs: (receivedMs: number) => number;
  /** How far the server's clock is ahead of the participant's, with the least delay of the network. */
  readonly behindMs: number;
  /** What the server's clock gains on it, in ms per ms. */
  readonly slope: number;
  /** The largest step of which nothing says whether the participant's clock was set or what is behind it was. */
  readonly untoldMs: number;
}

/** What is more than a clock can gain, and jitter, is a step between the two. */
const MOST_DRIFT = 300e-6;

/**
 * All reports of a participant on the server's clock. `behind`, by how much the least delayed packets come later than the
 * participant's clock says, stays where a stream stalls, steps where the participant's clock is set, and steps too where the route
 * changes or the server's clock is set; but when the participant's clock is set the reports themselves step against their media time.
 *
 * @param witnesses in the order of the server's clock; at least one
 */
export function participantClock(witnesses: readonly Witness[]): ParticipantClock {
  const startMs = witnesses[0]?.receivedMs ?? 0;
  const tracks = byTracks(witnesses);
  const behind = new Float64Array(witnesses.length);
  const receivedMs = new Float64Array(witnesses.length);
  for (let index = 0; index < behind.length; index++) {
    const witness = witnesses[index] as Witness;
    receivedMs[index] = witness.receivedMs;
    behind[index] = witness.receivedMs - witness.report.ntpMs;
  }
  const slope = slopeOf(receivedMs, behind, tracks);
  for (let index = 0; index < behind.length; index++)
    (behind[index] as number) -= slope * ((receivedMs[index] as number) - startMs);
  const excesses = excessesOf(behind, tracks);
  for (let index = 0; index < behind.length; index++)
    (behind[index] as number) -= excesses[(witnesses[index] as Witness).track] as number;
  let levels = levelsOf(behind);
  const { sets, untoldMs } = setsOf(witnesses, behind, levels);
  if (sets.some((ms) => ms !== 0)) {
    for (let index = 0; index < sets.length; index++) (behind[index] as number) -= sets[index] as number;
    levels = levelsOf(behind);
  }
  const base = baseOf(behind, levels);
  const serverMs = new Float64Array(witnesses.length);
  for (const { from, to, valueMs } of levels)
    for (let index = from; index < to; index++) {
      const { track, report } = witnesses[index] as Witness;
      const isWrong =
        (excesses[track] as number) > MOST_DELAY_MS ||
        Math.abs((behind[index] as number) - valueMs) > MOST_DELAY_MS;
      serverMs[index] = isWrong
        ? Number.NaN
        : report.ntpMs + (sets[index] as number) + base + slope * ((receivedMs[index] as number) - startMs);
    }
  const routeMs = (momentMs: number): number => {
    let at = levels.length - 1;
    while (at > 0 && (receivedMs[(levels[at] as Level).from] as number) > momentMs) at--;
    return Math.max(0, (levels[at] as Level).valueMs - base);
  };
  return { serverMs, routeMs, behindMs: base, slope, untoldMs };
}

/** Of each track, which witnesses are its reports. */
function byTracks(witnesses: readonly Witness[]): number[][] {
  const tracks: number[][] = [];
  for (let index = 0; index < witnesses.length; index++) {
    const { track } = witnesses[index] as Witness;
    while (tracks.length <= track) tracks.push([]);
    tracks[track]?.push(index);
  }
  return tracks;
}

/** The median slope of reports of one track that are so far apart that jitter is little, and so near that few routes lie between. */
function slopeOf(
  receivedMs: Float64Array,
  values: Float64Array,
  tracks: readonly (readonly number[])[],
): number {
  const slopes = new Float64Array(values.length * WITNESSES);
  let count = 0;
  for (const own of tracks) {
    let nearest = 0;
    for (let at = 0; at < own.length; at++) {
      const from = own[at] as number;
      const fromMs = receivedMs[from] as number;
      while (nearest < own.length && (receivedMs[own[nearest] as number] as number) - fromMs < AROUND_MS)
        nearest++;
      const end = Math.min(own.length, nearest + WITNESSES);
      for (let next = nearest; next < end; next++) {
        const to = own[next] as number;
        const apartMs = (receivedMs[to] as number) - fromMs;
        const gainMs = (values[to] as number) - (values[from] as number);
        if (Math.abs(gainMs) <= MOST_DRIFT * apartMs + JITTER_MS) slopes[count++] = gainMs / apartMs;
      }
    }
  }
  return count === 0 ? 0 : medianOf(slopes.subarray(0, count));
}

/**
 * Of each track by how much its least delayed packets are later than those of the one that is delayed least, side by side: each report
 * compared with the latest of the track that has most.
 */
function excessesOf(values: Float64Array, tracks: readonly (readonly number[])[]): number[] {
  const most = tracks.reduce((most, own) => (isRather(own, most) ? own : most), []);
  const excesses = tracks.map((own) => {
    if (own === most) return 0;
    const apart = new Float64Array(own.length);
    let [count, next] = [0, 0];
    for (const index of own) {
      while (next < most.length && (most[next] as number) < index) next++;
      if (next > 0) apart[count++] = (values[index] as number) - (values[most[next - 1] as number] as number);
    }
    return medianOf(apart.subarray(0, count));
  });
  // Of a track that has none beside the others nothing is known.
  const least = excesses.reduce((least, ms) => (ms < least ? ms : least), 0);
  return excesses.map((ms) => (Number.isNaN(ms) ? 0 : ms - least));
}

/** Whether a track has more reports than another, or as many and earlier ones. */
const isRather = (own: readonly number[], other: readonly number[]): boolean =>
  own.length > other.length || (own.length === other.length && (own[0] ?? 0) < (other[0] ?? 0));

/** The lowest level. */
function baseOf(behind: Float64Array, levels: readonly Level[]): number {
  const lowest = levels.reduce((lowest, level) => (level.valueMs < lowest.valueMs ? level : lowest));
  const near = behind
    .subarray(lowest.from, lowest.to)
    .filter((ms) => Math.abs(ms - lowest.valueMs) <= LEAST_STEP_MS);
  const least = medianOf(near);
  const neighbours = lowestNeighbours(behind, lowest.valueMs);
  return neighbours < least - JITTER_MS ? neighbours : least;
}

/** The lowest that two reports in a row agree on: a better way that was open for a moment only. */
function lowestNeighbours(behind: Float64Array, aroundMs: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < behind.length; index++) {
    const one = behind[index - 1] as number;
    const other = behind[index] as number;
    if (Math.abs(one - other) > JITTER_MS || Math.abs(one - aroundMs) > MOST_DELAY_MS) continue;
    lowest = Math.min(lowest, Math.max(one, other));
  }
  return lowest;
}
