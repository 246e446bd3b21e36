import { expect, test } from 'vitest';
import type { PlannedOutput, PlannedTrack } from '../../src/plan/plan.ts';
import { threadsWorth } from '../../src/run/start-workers.ts';

const tracksOf = (bytes: number) => [{ segments: [{ dump: { size: bytes } }] }] as unknown as PlannedTrack[];
const outputsOf = (...kinds: PlannedOutput['kind'][]) => kinds.map((kind) => ({ kind })) as PlannedOutput[];

const GIGABYTE = 2 ** 30;

test.each([
  ['many bytes that become files are shared out', GIGABYTE, ['video', 'audio'], 8],
  ['few bytes are done before a thread has begun', 1000, ['video', 'audio'], 1],
  [
    'a film alone is scanned without threads, whose memory would stay',
    GIGABYTE,
    ['scenes', 'chapters', 'captions', 'composite'],
    1,
  ],
  ['scenes alone are there as soon as can be', GIGABYTE, ['scenes'], 8],
  [
    'a film among other files is not what threads are there for',
    GIGABYTE,
    ['scenes', 'composite', 'muxed'],
    8,
  ],
] as const)('%s', (_, bytes, kinds, threads) => {
  expect(threadsWorth(tracksOf(bytes), outputsOf(...kinds), 8)).toBe(threads);
});
