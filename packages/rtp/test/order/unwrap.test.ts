import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  sequenceDistance,
  timestampDistance,
  unwrapSequence,
  unwrapTimestamp,
} from '../../src/order/unwrap.ts';

describe('unwrap', () => {
  test.each([
    [0, 0, 0],
    [65535, 0, 1],
    [0, 65535, -1],
    [10, 32777, 32767],
    [10, 32778, -32768],
  ])('unwrap · sequence numbers: from %i to %i is %i', (from, to, distance) => {
    expect(sequenceDistance(from, to)).toBe(distance);
  });

  test.each([
    [0xffffffff, 0, 1],
    [0, 0xffffffff, -1],
    [5, 0x80000004, 0x7fffffff],
    [5, 0x80000005, -0x80000000],
  ])('unwrap · timestamps: from %i to %i is %i', (from, to, distance) => {
    expect(timestampDistance(from, to)).toBe(distance);
  });

  test('unwrap · follows any walk of short steps exactly, through all wraps and below zero', () => {
    const start = fc.integer({ min: 0, max: 0xffffffff });
    const steps = fc.array(fc.integer({ min: -0x7fff, max: 0x7fff }));
    fc.assert(
      fc.property(start, steps, (from, walk) => {
        let truth = from & 0xffff;
        let unwrapped = truth;
        for (const step of walk) {
          truth += step;
          unwrapped = unwrapSequence(unwrapped, ((truth % 65536) + 65536) % 65536);
          expect(unwrapped).toBe(truth);
        }
      }),
    );
    fc.assert(
      fc.property(start, fc.array(fc.integer({ min: -0x7fffffff, max: 0x7fffffff })), (from, walk) => {
        let truth = from;
        let unwrapped = from;
        for (const step of walk) {
          truth += step;
          unwrapped = unwrapTimestamp(unwrapped, ((truth % 2 ** 32) + 2 ** 32) % 2 ** 32);
          expect(unwrapped).toBe(truth);
        }
      }),
    );
  });

  test('unwrap · stays exact years into a stream', () => {
    const near = 2 ** 32 * 90_000 + 0xfffffff0;
    expect(unwrapTimestamp(near, 0x10)).toBe(near + 0x20);
    expect(unwrapSequence(2 ** 40 + 65535, 0)).toBe(2 ** 40 + 65536);
  });
});
