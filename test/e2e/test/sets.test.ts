import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SETS } from '../../../vitest.sets.ts';
import { ROOT } from '../src/readme-examples.ts';

it.each([...SETS.slow.include, ...SETS.install.include])(
  '%s, which is in a set by its name, is there',
  (pattern) => {
    // Node has no `!(…)` in its patterns.
    expect(globSync(pattern.replace(/!\(.*\)/, '*'), { cwd: ROOT })).not.toEqual([]);
  },
);
