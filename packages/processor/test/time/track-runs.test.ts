import { expect, test } from 'vitest';
import type { PlacedRun } from '../../src/time/placed-run.ts';
import { trackRuns } from '../../src/time/track-runs.ts';

const RATE = 48_000;
const T0 = 1_795_167_000_000;

/** A run of one second. */
function run(segment: number, number: number, atMs: number, source: PlacedRun['source']): PlacedRun {
  const firstTicks = (atMs * RATE) / 1000;
  const startMs = T0 + atMs;
  return {
    segment,
    run: number,
    ssrc: segment,
    continuesTicks: number > 0,
    firstTicks,
    endTicks: firstTicks + RATE,
    firstReceivedMs: startMs,
    lastReceivedMs: startMs + 1000,
    packets: 50,
    clock: [{ firstTicks, startMs, msPerTick: 1000 / RATE, goesOn: source === 'continuous' }],
    startMs,
    endMs: startMs + 1000,
    source,
  };
}

test('runs know why there is time before them, and when a later segment has the word', () => {
  const placed = trackRuns([
    run(0, 0, 0, 'received'),
    run(0, 1, 1000, 'continuous'),
    run(1, 0, 3000, 'received'),
    run(3, 0, 9000, 'received'),
  ]);
  expect(placed.map(({ boundary }) => boundary)).toEqual([
    'before-start',
    'none',
    'between-segments',
    'segment-missing',
  ]);
  expect(placed.map(({ untilMs }) => untilMs - T0)).toEqual([3000, 3000, 9000, Number.POSITIVE_INFINITY]);
});
