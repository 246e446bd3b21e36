import { defineConfig } from 'vitest/config';
import { SETS } from './vitest.sets.ts';

export default defineConfig({
  test: {
    // They are for what hangs: the longest test takes a sixth of them on two cores, and machines are slow and busy at times.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    projects: Object.entries(SETS).map(([name, files]) => ({ extends: true, test: { name, ...files } })),
  },
});
