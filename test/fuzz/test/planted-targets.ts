import { check } from '../src/engine/check.ts';
import type { Target } from '../src/engine/target.ts';

/** Readers with a mistake each, to see that the engine finds it. */
export const targets: readonly Target[] = [
  {
    name: 'two bytes',
    run(bytes, observation) {
      if (bytes[3] === 0x52) observation.feature('first');
      check(!(bytes[3] === 0x52 && bytes[7] === 0xff), 'the planted one');
    },
  },
  {
    // Found within the given executions only by keeping what got nearer.
    name: 'step by step',
    run(bytes, observation) {
      const wanted = [0x13, 0x57, 0x9b, 0xdf];
      const reached = wanted.findIndex((byte, at) => bytes[at] !== byte);
      observation.feature('reached', reached);
      check(reached >= 0, 'the planted one');
    },
  },
  {
    name: 'endless',
    run(bytes) {
      while (bytes[1] === 0x77) bytes.at(0);
    },
  },
  {
    name: 'never settles',
    run: (bytes) => (bytes[1] === 0x77 ? new Promise<void>(() => undefined) : Promise.resolve()),
  },
  {
    name: 'takes memory',
    run(bytes) {
      const kept: Uint8Array[] = [];
      while (bytes[1] === 0x77) kept.push(new Uint8Array(8 * 1024 * 1024).fill(1));
    },
  },
  {
    name: 'rejects later',
    run: async (bytes) => {
      if (bytes[1] === 0x77) void Promise.reject(new Error('the planted one'));
    },
  },
  {
    name: 'writes',
    run(bytes) {
      if (bytes[1] === 0x77) bytes[0] = 1;
    },
  },
];
