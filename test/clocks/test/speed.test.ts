import { expect, test } from 'vitest';
import { CLASSES } from '../src/classes.ts';
import { speedOf } from '../src/place/speed.ts';
import { callOf, runCall } from '../src/run-call.ts';

const [clean] = CLASSES;

test('speed is measured of all packets that calls have', () => {
  if (clean === undefined) throw new Error('no class');
  const sent = runCall(clean, 1).call.people.flatMap(({ tracks }) =>
    tracks.flatMap(({ segments }) => segments.flatMap(({ packets }) => packets)),
  );
  const { packets, scanUs, solveUs } = speedOf([callOf(clean, 1).call]);
  expect(packets).toBe(sent.length);
  // So few packets may take less than the smallest step in which the system counts processor time.
  for (const us of [scanUs, solveUs]) expect(us).toBeGreaterThanOrEqual(0);
});
