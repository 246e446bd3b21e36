import { expect, test } from 'vitest';
import { placeRuns, type RunScan } from '../../src/time/place-runs.ts';
import { trackRuns } from '../../src/time/track-runs.ts';

const RATE = 48_000;
const T0 = 1_795_167_000_000;

/** A run of one second, received as it was captured. */
function run(segment: number, number: number, atMs: number, ssrc = segment): RunScan {
  const firstTicks = (atMs * RATE) / 1000;
  return {
    segment,
    run: number,
    ssrc,
    continuesTicks: number > 0,
    firstTicks,
    endTicks: firstTicks + RATE,
    firstReceivedMs: T0 + atMs,
    lastReceivedMs: T0 + atMs + 1000,
    packets: 50,
    delays: [{ mediaMs: atMs, receivedMs: T0 + atMs }],
    reports: [],
    reportsFrom: 'dump',
  };
}

test('runs know why there is time before them, and when a later segment has the word', () => {
  const placed = trackRuns(
    placeRuns([run(0, 0, 0), run(0, 1, 1000), run(1, 0, 3000), run(3, 0, 9000)], RATE),
  );
  expect(placed.map(({ boundary }) => boundary)).toEqual([
    'before-start',
    'none',
    'between-segments',
    'segment-missing',
  ]);
  expect(placed.map(({ untilMs }) => untilMs - T0)).toEqual([3000, 3000, 9000, Number.POSITIVE_INFINITY]);
});
