import { defineConfig } from 'vitest/config';
import { SETS } from './vitest.sets.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: Object.entries(SETS).map(([name, files]) => ({ extends: true, test: { name, ...files } })),
  },
});
