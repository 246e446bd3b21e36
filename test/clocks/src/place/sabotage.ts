import type { Given, PlacedTrack, ScannedDumps } from './place-call.ts';

/** Places as a solver makes them that looks at nothing but ticks: each run from when its first packet came. */
export const straight = (dumps: ScannedDumps, solved: PlacedTrack): PlacedTrack =>
  placedAnew(dumps, solved, Number.POSITIVE_INFINITY);

/** As a solver that begins anew behind each pause of arrivals: a freeze becomes a gap. */
export const cutAtPauses = (dumps: ScannedDumps, solved: PlacedTrack): PlacedTrack =>
  placedAnew(dumps, solved, LONGEST_PAUSE_MS);

/** All of it later than it should be. */
export const shifted = (solved: PlacedTrack): PlacedTrack => ({
  ...solved,
  unixMs: solved.unixMs.map((ms) => ms.map((at) => at + SHIFT_MS)),
});

const LONGEST_PAUSE_MS = 1000;
const SHIFT_MS = 150;

function placedAnew(
  { given, input }: ScannedDumps,
  { uncertaintyMs }: PlacedTrack,
  pauseMs: number,
): PlacedTrack {
  const msPerTick = 1000 / input.clockRate;
  const placed = ({ runs, ticks, order, receivedMs }: Given): Float64Array => {
    const unixMs = new Float64Array(runs.length).fill(Number.NaN);
    let run = -1;
    let lastMs = 0;
    let zeroMs = 0;
    for (const at of order) {
      const [mediaMs, cameMs] = [(ticks[at] as number) * msPerTick, receivedMs[at] as number];
      if (runs[at] !== run || cameMs - lastMs > pauseMs) zeroMs = cameMs - mediaMs;
      run = runs[at] as number;
      lastMs = cameMs;
      unixMs[at] = zeroMs + mediaMs;
    }
    return unixMs;
  };
  return { uncertaintyMs, unixMs: given.map(placed) };
}
