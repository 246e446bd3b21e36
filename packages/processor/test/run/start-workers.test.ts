import { expect, test } from 'vitest';
import type { PlannedOutput, PlannedTrack } from '../../src/plan/plan.ts';
import { areThreadsWorth } from '../../src/run/start-workers.ts';

const tracksOf = (bytes: number) => [{ segments: [{ dump: { size: bytes } }] }] as unknown as PlannedTrack[];
const outputsOf = (...kinds: PlannedOutput['kind'][]) => kinds.map((kind) => ({ kind })) as PlannedOutput[];

const GIGABYTE = 2 ** 30;

test.each([
  ['many bytes that become files are shared out', GIGABYTE, ['video', 'audio'], true],
  ['few bytes are done before a thread has begun', 1000, ['video', 'audio'], false],
  [
    'a film alone is scanned without threads, whose memory would stay',
    GIGABYTE,
    ['scenes', 'chapters', 'captions', 'composite'],
    false,
  ],
  ['scenes alone are there as soon as can be', GIGABYTE, ['scenes'], true],
  ['beside a film other files are still shared out', GIGABYTE, ['scenes', 'composite', 'muxed'], true],
] as const)('%s', (_, bytes, kinds, worth) => {
  expect(areThreadsWorth(tracksOf(bytes), outputsOf(...kinds))).toBe(worth);
});
